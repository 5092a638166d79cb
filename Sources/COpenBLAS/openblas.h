// OpenBLAS as Debian installs it: the CBLAS interface and the library's own controls.
#pragma once

#include <cblas.h>
