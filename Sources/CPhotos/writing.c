#include "gcb_photo_writing.h"
#include "reader.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    struct jpeg_error_mgr manager;
    jmp_buf jump;
} writing_errors;

static void leave_writing(j_common_ptr jpeg) {
    longjmp(((writing_errors *)jpeg->err)->jump, 1);
}

gcb_photo_status gcb_jpeg_write(
    const uint8_t *pixels, int32_t width, int32_t height, int quality, uint8_t **bytes,
    size_t *count) {
    struct jpeg_compress_struct jpeg;
    writing_errors errors;
    unsigned char *target = NULL;
    unsigned long length = 0;
    jpeg.err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = leave_writing;
    if (setjmp(errors.jump) != 0) {
        jpeg_destroy_compress(&jpeg);
        return gcb_photo_no_memory;
    }
    jpeg_create_compress(&jpeg);
    jpeg_mem_dest(&jpeg, &target, &length);
    jpeg.image_width = (JDIMENSION)width;
    jpeg.image_height = (JDIMENSION)height;
    jpeg.input_components = 3;
    jpeg.in_color_space = JCS_RGB;
    jpeg_set_defaults(&jpeg);
    jpeg_set_quality(&jpeg, quality, TRUE);
    jpeg_start_compress(&jpeg, TRUE);
    while (jpeg.next_scanline < jpeg.image_height) {
        JSAMPROW row = (JSAMPROW)(pixels + (size_t)jpeg.next_scanline * 3 * (size_t)width);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    *bytes = target;
    *count = length;
    return gcb_photo_fine;
}

gcb_photo_status gcb_png_write(
    const uint8_t *pixels, int32_t width, int32_t height, uint8_t **bytes, size_t *count) {
    png_image image;
    memset(&image, 0, sizeof image);
    image.version = PNG_IMAGE_VERSION;
    image.width = (png_uint_32)width;
    image.height = (png_uint_32)height;
    image.format = PNG_FORMAT_RGB;
    png_alloc_size_t length = 0;
    if (!png_image_write_to_memory(&image, NULL, &length, 0, pixels, 0, NULL))
        return gcb_photo_unsupported;
    *bytes = malloc(length);
    if (*bytes == NULL) return gcb_photo_no_memory;
    if (!png_image_write_to_memory(&image, *bytes, &length, 0, pixels, 0, NULL)) {
        free(*bytes);
        return gcb_photo_unsupported;
    }
    *count = length;
    return gcb_photo_fine;
}
