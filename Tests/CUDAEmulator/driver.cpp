#include "emulated_device.h"
#include "gcb_emulator.h"
#include "stream.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <sys/mman.h>
#include <vector>

#include "../../Sources/CUDAKernels/include/gcb_cuda_arguments.h"

namespace {

// MARK: - Streams

typedef std::function<int()> work;

struct stream {
    std::deque<work> waiting;
    std::vector<work> *captured = nullptr;
    /// The first failure; a device is lost from then on.
    int status = 0;

    /// Runs what waits until `isEnough`.
    template <class Condition> int run(Condition isEnough)
    {
        while (!waiting.empty() && !isEnough()) {
            work next = std::move(waiting.front());
            waiting.pop_front();
            if (status == 0) status = next();
        }
        return status;
    }
};

struct event {
    stream *owner = nullptr;
    long long recorded = 0, reached = 0;
};

struct module {
    std::string format;
};

// MARK: - What tests ask for

struct settings {
    std::string failing;
    int status = 0, countdown = 0;
    size_t capacity = (size_t)8 << 30, allocated = 0;
    long long launches = 0, replays = 0;
};

thread_local settings own;

// MARK: - Memory

struct allocation {
    void *mapping;
    size_t mapped, byteCount;
};

std::map<gcb_device_address, allocation> allocations;
std::mutex allocations_lock;

constexpr size_t page = 4096;

/// The end of the memory is the beginning of a page that cannot be touched, but for alignment.
int allocate(gcb_device_address *address, size_t byteCount)
{
    EMULATED_CALL("cuMemAlloc_v2");
    if (byteCount == 0) return emulated_invalid_value;
    if (own.allocated + byteCount > own.capacity) return GCB_CUDA_OUT_OF_MEMORY;
    const size_t rounded = (byteCount + 255) / 256 * 256;
    const size_t inner = (rounded + page - 1) / page * page, mapped = inner + 2 * page;
    char *mapping = (char *)mmap(nullptr, mapped, PROT_READ | PROT_WRITE,
                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) return GCB_CUDA_OUT_OF_MEMORY;
    mprotect(mapping, page, PROT_NONE);
    mprotect(mapping + page + inner, page, PROT_NONE);
    *address = (gcb_device_address)(mapping + page + inner - rounded);
    // New memory is not zero on a device.
    memset((void *)*address, 0xcb, rounded);
    std::lock_guard<std::mutex> guard(allocations_lock);
    allocations[*address] = {mapping, mapped, byteCount};
    own.allocated += byteCount;
    return 0;
}

int release(gcb_device_address address)
{
    std::lock_guard<std::mutex> guard(allocations_lock);
    const auto found = allocations.find(address);
    if (found == allocations.end()) return emulated_invalid_value;
    munmap(found->second.mapping, found->second.mapped);
    own.allocated -= found->second.byteCount;
    allocations.erase(found);
    return 0;
}

int allocate_host(void **memory, size_t byteCount, unsigned)
{
    EMULATED_CALL("cuMemHostAlloc");
    *memory = malloc(byteCount);
    return *memory ? 0 : GCB_CUDA_OUT_OF_MEMORY;
}

int release_host(void *memory)
{
    free(memory);
    return 0;
}

int copy(const char *name, void *target, const void *source, size_t byteCount, void *stream)
{
    EMULATED_CALL(name);
    emulated_enqueue(stream, [=] {
        memmove(target, source, byteCount);
        return 0;
    });
    return 0;
}

int copy_to_device(
    gcb_device_address target, const void *source, size_t byteCount, void *stream)
{
    return copy("cuMemcpyHtoDAsync_v2", (void *)target, source, byteCount, stream);
}

int copy_to_host(void *target, gcb_device_address source, size_t byteCount, void *stream)
{
    return copy("cuMemcpyDtoHAsync_v2", target, (const void *)source, byteCount, stream);
}

int copy_on_device(
    gcb_device_address target, gcb_device_address source, size_t byteCount, void *stream)
{
    return copy("cuMemcpyDtoDAsync_v2", (void *)target, (const void *)source, byteCount, stream);
}

int fill(gcb_device_address target, unsigned char byte, size_t byteCount, void *stream)
{
    EMULATED_CALL("cuMemsetD8Async");
    emulated_enqueue(stream, [=] {
        memset((void *)target, byte, byteCount);
        return 0;
    });
    return 0;
}

int memory_information(size_t *freeBytes, size_t *totalBytes)
{
    *freeBytes = own.capacity - own.allocated;
    *totalBytes = own.capacity;
    return 0;
}

// MARK: - The device

int initialize(unsigned) { EMULATED_CALL("cuInit"); return 0; }

int driver_version(int *version) { *version = 13000; return 0; }

int device_count(int *count) { EMULATED_CALL("cuDeviceGetCount"); *count = 1; return 0; }

int device_get(int *device, int ordinal)
{
    if (ordinal != 0) return 101;
    *device = 0;
    return 0;
}

int device_name(char *name, int length, int)
{
    snprintf(name, length, "Emulated GPU");
    return 0;
}

int device_attribute(int *value, int attribute, int)
{
    switch (attribute) {
    case GCB_CUDA_MULTIPROCESSOR_COUNT: *value = 4; return 0;
    case GCB_CUDA_COMPUTE_CAPABILITY_MAJOR: *value = 9; return 0;
    case GCB_CUDA_COMPUTE_CAPABILITY_MINOR: *value = 0; return 0;
    default: return emulated_invalid_value;
    }
}

int device_memory(size_t *byteCount, int) { *byteCount = own.capacity; return 0; }

int retain_context(void **context, int)
{
    EMULATED_CALL("cuDevicePrimaryCtxRetain");
    *context = &own;
    return 0;
}

int release_context(int) { return 0; }
int set_context(void *) { return 0; }

// MARK: - Streams, events, graphs

int create_stream(void **result, unsigned) { *result = new stream; return 0; }

int destroy_stream(void *it) { delete (stream *)it; return 0; }

int synchronize_stream(void *it)
{
    EMULATED_CALL("cuStreamSynchronize");
    if (((stream *)it)->captured) return emulated_capture_unsupported;
    return ((stream *)it)->run([] { return false; });
}

int begin_capture(void *it, int)
{
    EMULATED_CALL("cuStreamBeginCapture_v2");
    ((stream *)it)->captured = new std::vector<work>;
    return 0;
}

int end_capture(void *it, void **graph)
{
    *graph = ((stream *)it)->captured;
    ((stream *)it)->captured = nullptr;
    EMULATED_CALL("cuStreamEndCapture");
    return 0;
}

int instantiate(void **executable, void *graph, unsigned long long)
{
    EMULATED_CALL("cuGraphInstantiateWithFlags");
    *executable = new std::vector<work>(*(std::vector<work> *)graph);
    return 0;
}

int launch_graph(void *executable, void *it)
{
    EMULATED_CALL("cuGraphLaunch");
    const auto *works = (std::vector<work> *)executable;
    own.replays++;
    emulated_enqueue(it, [works] {
        for (const work &work : *works)
            if (const int status = work()) return status;
        return 0;
    });
    return 0;
}

int destroy_graph(void *graph) { delete (std::vector<work> *)graph; return 0; }

int create_event(void **result, unsigned) { *result = new event; return 0; }

int record_event(void *it, void *on)
{
    event *recorded = (event *)it;
    recorded->owner = (stream *)on;
    const long long number = ++recorded->recorded;
    emulated_enqueue(on, [=] {
        recorded->reached = number;
        return 0;
    });
    return 0;
}

int synchronize_event(void *it)
{
    event *awaited = (event *)it;
    if (!awaited->owner) return 0;
    return awaited->owner->run([=] { return awaited->reached == awaited->recorded; });
}

int destroy_event(void *it) { delete (event *)it; return 0; }

// MARK: - Kernels

/// The image is what the emulated NVRTC made of the options: a format's name.
int load_module(void **result, const void *image)
{
    EMULATED_CALL("cuModuleLoadData");
    *result = new module{(const char *)image};
    return 0;
}

int unload_module(void *it) { delete (module *)it; return 0; }

int module_function(void **function, void *it, const char *name)
{
    const emulated_kernel *kernel = emulated_kernel::find(((module *)it)->format.c_str(), name);
    *function = (void *)kernel;
    return kernel ? 0 : emulated_not_found;
}

int launch(
    void *function, unsigned x, unsigned y, unsigned z, unsigned blockX, unsigned blockY,
    unsigned blockZ, unsigned shared, void *it, void **parameters, void **extra)
{
    EMULATED_CALL("cuLaunchKernel");
    const auto *kernel = (const emulated_kernel *)function;
    // The limits of a real launch.
    const bool fits = x > 0 && y > 0 && z > 0 && x <= 0x7fffffffu && y <= 65535 && z <= 65535;
    if (!fits || blockX != GCB_BLOCK || blockY != 1 || blockZ != 1 || shared || extra)
        return emulated_invalid_value;
    // A launch takes its argument when it is called.
    const char *bytes = (const char *)parameters[0];
    std::vector<char> argument(bytes, bytes + kernel->argument_size);
    own.launches++;
    emulated_enqueue(it, [=] {
        return emulated_run(*kernel, argument.data(), {x, y, z});
    });
    return 0;
}

int error_name(int status, const char **name)
{
    *name = status == GCB_CUDA_OUT_OF_MEMORY       ? "CUDA_ERROR_OUT_OF_MEMORY"
            : status == GCB_CUDA_ECC_UNCORRECTABLE ? "CUDA_ERROR_ECC_UNCORRECTABLE"
            : status == GCB_CUDA_NO_DEVICE         ? "CUDA_ERROR_NO_DEVICE"
            : status == GCB_CUDA_LAUNCH_FAILED     ? "CUDA_ERROR_LAUNCH_FAILED"
                                                   : "CUDA_ERROR_UNKNOWN";
    return 0;
}

int error_text(int, const char **text)
{
    *text = "as the emulator was told";
    return 0;
}

}

void emulated_enqueue(void *it, std::function<int()> work)
{
    stream *target = (stream *)it;
    if (target->captured) {
        target->captured->push_back(std::move(work));
    } else {
        target->waiting.push_back(std::move(work));
    }
}

int emulated_failure(const char *name)
{
    if (own.failing != name) return 0;
    if (own.countdown > 1) {
        own.countdown--;
        return 0;
    }
    return own.status;
}

extern "C" {

gcb_cuda_driver gcb_emulated_driver(void)
{
    return {
        initialize, driver_version, device_count, device_get, device_name, device_attribute,
        device_memory, retain_context, release_context, set_context, memory_information, allocate,
        release, allocate_host, release_host, copy_to_device, copy_to_host, copy_on_device, fill,
        create_stream, destroy_stream, synchronize_stream, begin_capture, end_capture, instantiate,
        launch_graph, destroy_graph, destroy_graph, create_event, record_event, synchronize_event,
        destroy_event, load_module, unload_module, module_function, launch, error_name, error_text,
    };
}

void gcb_emulator_fail(const char *name, int status, int countdown)
{
    own.failing = name ? name : "";
    own.status = status;
    own.countdown = countdown;
}

void gcb_emulator_set_capacity(size_t byteCount) { own.capacity = byteCount; }
size_t gcb_emulator_allocated(void) { return own.allocated; }
long long gcb_emulator_launches(void) { return own.launches; }
long long gcb_emulator_replays(void) { return own.replays; }

}
