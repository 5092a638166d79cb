// libjpeg-turbo. Its header needs what <stdio.h> declares and does not include it.
#include <stdio.h>

#include <jpeglib.h>
