#include "gcb_emulator.h"
#include "stream.h"

#include <cstring>
#include <string>

// NVRTC, for kernels that are compiled already: the image of a program is the name of the format
// for which it would be compiled.

namespace {

struct program {
    std::string source, image;
};

int version(int *major, int *minor)
{
    *major = 12;
    *minor = 9;
    return 0;
}

int architecture_count(int *count) { *count = 1; return 0; }
int architectures(int *list) { *list = 90; return 0; }

int create_program(
    void **result, const char *source, const char *, int, const char *const *, const char *const *)
{
    *result = new program{source, "none"};
    return 0;
}

int destroy_program(void **it)
{
    delete (program *)*it;
    *it = nullptr;
    return 0;
}

int compile(void *it, int count, const char *const *options)
{
    EMULATED_CALL("nvrtcCompileProgram");
    program *compiled = (program *)it;
    // A text that is not of the kernels would have no place here.
    if (compiled->source.find("GCB_KERNEL(") == std::string::npos) return 6;
    for (int i = 0; i < count; i++) {
        if (!strcmp(options[i], "-DGCB_OF_FLOAT32")) compiled->image = "float32";
        if (!strcmp(options[i], "-DGCB_OF_BFLOAT16")) compiled->image = "bfloat16";
    }
    return 0;
}

int binary_byte_count(void *it, size_t *byteCount)
{
    *byteCount = ((program *)it)->image.size() + 1;
    return 0;
}

int binary(void *it, char *bytes)
{
    strcpy(bytes, ((program *)it)->image.c_str());
    return 0;
}

const char emulated_log[] = "kernels.cu(1): error: as the emulator was told";

int log_byte_count(void *, size_t *byteCount) { *byteCount = sizeof emulated_log; return 0; }
int log(void *, char *text) { strcpy(text, emulated_log); return 0; }
const char *error_text(int) { return "NVRTC_ERROR_COMPILATION"; }

}

extern "C" gcb_nvrtc gcb_emulated_nvrtc(void)
{
    return {version,     architecture_count, architectures,  create_program, destroy_program,
            compile,     binary_byte_count,  binary,         log_byte_count, log,
            error_text};
}
