#include "emulated_device.h"
#include "gcb_cuda.h"

#include "../../Sources/CUDAKernels/include/gcb_cuda_arguments.h"

#include <cstdlib>
#include <sys/mman.h>
#include <ucontext.h>

// MARK: - Switching

/// A suspended flow of control.
struct context {
#if defined(__x86_64__)
    void *stack_pointer = nullptr;
#else
    ucontext_t state;
#endif
};

#if defined(__x86_64__)

// Saves what a function call must keep, changes the stack, and returns there. The system's own
// switch asks the kernel twice each time; this one is called some hundred million times by a test.
extern "C" void emulated_switch(void **from, void *to);
asm(R"(
.text
.globl emulated_switch
.type emulated_switch, @function
emulated_switch:
    pushq %rbp
    pushq %rbx
    pushq %r12
    pushq %r13
    pushq %r14
    pushq %r15
    movq %rsp, (%rdi)
    movq %rsi, %rsp
    popq %r15
    popq %r14
    popq %r13
    popq %r12
    popq %rbx
    popq %rbp
    ret
.size emulated_switch, .-emulated_switch
)");

static void change(context &from, context &to)
{
    emulated_switch(&from.stack_pointer, to.stack_pointer);
}

static void prepare(context &context, char *stack, size_t size, void (*entry)())
{
    // Aligned as behind a call, with the entry as the place to return to and six saved registers.
    void **top = (void **)(((uintptr_t)stack + size) & ~(uintptr_t)15) - 2;
    *top = (void *)entry;
    for (int i = 1; i <= 6; i++) top[-i] = nullptr;
    context.stack_pointer = top - 6;
}

#else

static void change(context &from, context &to) { swapcontext(&from.state, &to.state); }

static void prepare(context &context, char *stack, size_t size, void (*entry)())
{
    getcontext(&context.state);
    context.state.uc_stack.ss_sp = stack;
    context.state.uc_stack.ss_size = size;
    context.state.uc_link = nullptr;
    makecontext(&context.state, entry, 0);
}

#endif

// MARK: - Blocks

namespace {

enum class state { ready, waiting, ended };

struct fiber {
    context flow;
    emulated_place place;
    state state;
    /// How many shuffles it has done: parity tells which slot is the latest.
    unsigned shuffles;
    float slots[2];
};

/// The threads of one block, and the stacks they run on; one for each thread of the process.
struct block {
    static constexpr size_t stack_size = 64 << 10;

    fiber fibers[GCB_BLOCK];
    context scheduler;
    char *stacks;
    const emulated_kernel *kernel;
    const void *argument;
    fiber *current;

    block()
    {
        stacks = (char *)mmap(nullptr, stack_size * GCB_BLOCK, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    }

    ~block() { munmap(stacks, stack_size * GCB_BLOCK); }

    void suspend() { change(current->flow, scheduler); }

    void resume(fiber &fiber)
    {
        current = &fiber;
        emulated_current = &fiber.place;
        change(scheduler, fiber.flow);
    }

    int run(bool is_reversed, emulated_index number, emulated_index grid);
};

thread_local block *own_block;
thread_local bool is_reversed;

void enter()
{
    own_block->kernel->run(own_block->argument);
    own_block->current->state = state::ended;
    own_block->suspend();
}

/// Until all threads have ended; a barrier lets them pass once all of them have come.
int block::run(bool is_reversed, emulated_index number, emulated_index grid)
{
    for (unsigned i = 0; i < GCB_BLOCK; i++) {
        fibers[i].place = {{i, 0, 0}, number, grid};
        fibers[i].state = state::ready;
        fibers[i].shuffles = 0;
        prepare(fibers[i].flow, stacks + i * stack_size, stack_size, enter);
    }
    while (true) {
        int ended = 0, waiting = 0;
        for (int i = 0; i < GCB_BLOCK; i++) {
            fiber &next = fibers[is_reversed ? GCB_BLOCK - 1 - i : i];
            if (next.state == state::ready) resume(next);
            ended += next.state == state::ended;
            waiting += next.state == state::waiting;
        }
        if (ended == GCB_BLOCK) return 0;
        if (waiting == GCB_BLOCK) {
            for (fiber &fiber : fibers) fiber.state = state::ready;
        } else if (waiting + ended == GCB_BLOCK) {
            // Some wait for threads that have gone: a device may hang here.
            return GCB_CUDA_LAUNCH_FAILED;
        }
    }
}

}

thread_local emulated_place *emulated_current;

void emulated_synchronize()
{
    own_block->current->state = state::waiting;
    own_block->suspend();
}

/// All threads of a warp shuffle together: each leaves its number, lets the others leave theirs,
/// then takes what it wants. Two slots, since some are at the next shuffle while others still read.
float emulated_shuffle_down(float x, int distance)
{
    fiber *own = own_block->current;
    const unsigned slot = own->shuffles++ % 2;
    own->slots[slot] = x;
    own_block->suspend();
    const bool is_inside = own->place.thread.x % 32 + distance < 32;
    return is_inside ? own[distance].slots[slot] : x;
}

int emulated_run(const emulated_kernel &kernel, const void *argument, emulated_index grid)
{
    static thread_local block threads;
    own_block = &threads;
    threads.kernel = &kernel;
    threads.argument = argument;
    const unsigned long long count = (unsigned long long)grid.x * grid.y * grid.z;
    for (unsigned long long i = 0; i < count; i++) {
        const unsigned long long number = is_reversed ? count - 1 - i : i;
        const emulated_index place = {(unsigned)(number % grid.x),
                                      (unsigned)(number / grid.x % grid.y),
                                      (unsigned)(number / grid.x / grid.y)};
        const int status = threads.run(is_reversed, place, grid);
        if (status != 0) return status;
    }
    return 0;
}

extern "C" void gcb_emulator_set_reversed(bool reversed) { is_reversed = reversed; }

// MARK: - The list of kernels

static emulated_kernel *&first_kernel()
{
    static emulated_kernel *first;
    return first;
}

emulated_kernel::emulated_kernel(
    const char *format, const char *name, size_t argument_size, void (*run)(const void *))
    : format(format), name(name), argument_size(argument_size), run(run), next(first_kernel())
{
    first_kernel() = this;
}

const emulated_kernel *emulated_kernel::find(const char *format, const char *name)
{
    for (emulated_kernel *kernel = first_kernel(); kernel; kernel = kernel->next)
        if (!strcmp(kernel->format, format) && !strcmp(kernel->name, name)) return kernel;
    return nullptr;
}
