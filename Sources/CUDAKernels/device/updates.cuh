// The update programs of all weights in one launch: each block takes a part of one weight and runs
// its program, element by element in registers. A program is data, not text: nothing is compiled
// for an optimizer, and weights with different programs share a launch.

/// A program's scalars by the factors of its steps, looked up once per block.
struct update_factors {
    float alpha[GCB_UPDATE_STEPS], beta[GCB_UPDATE_STEPS];
};

GCB_DEVICE float update_source(
    int source, const float (&registers)[GCB_UPDATE_REGISTERS], const gcb_update_tensor &tensor,
    long long i)
{
    return source >= 0 ? registers[source] : ((const float *)tensor.tensors[-1 - source])[i];
}

/// Runs steps `first ..< end` on element i.
GCB_DEVICE void run_steps(
    const gcb_update_program &program, const update_factors &factors,
    const gcb_update_tensor &tensor, int first, int end, float mean, long long i,
    float (&registers)[GCB_UPDATE_REGISTERS])
{
    for (int number = first; number < end; number++) {
        const gcb_update_step &step = program.steps[number];
        const float alpha = factors.alpha[number], beta = factors.beta[number];
        const float a = update_source(step.a, registers, tensor, i);
        float y = a;
        switch (step.kind) {
        case GCB_UPDATE_SCALED: y = alpha * a; break;
        case GCB_UPDATE_SUM:
            y = alpha * a + beta * update_source(step.b, registers, tensor, i);
            break;
        case GCB_UPDATE_PRODUCT:
            y = alpha * a * update_source(step.b, registers, tensor, i)
                + beta * update_source(step.c, registers, tensor, i);
            break;
        case GCB_UPDATE_MAXIMUM: {
            const float b = update_source(step.b, registers, tensor, i);
            y = a > b ? a : b;
            break;
        }
        case GCB_UPDATE_RATIO: {
            // A negative square, which rounding can leave, counts as 0.
            const float b = update_source(step.b, registers, tensor, i);
            y = alpha * a / (beta * sqrtf((b < 0 ? 0 : b) + step.inner) + step.outer);
            break;
        }
        case GCB_UPDATE_CENTRALIZE: y = a - mean; break;
        }
        registers[step.y] = y;
    }
}

GCB_DEVICE void store_results(
    const gcb_update_program &program, const gcb_update_tensor &tensor, long long i,
    const float (&registers)[GCB_UPDATE_REGISTERS])
{
    for (int result = 0; result < program.result_count; result++)
        ((float *)tensor.results[result])[i] = registers[program.results[result]];
    if (tensor.narrow) set(((bfloat16 *)tensor.narrow)[i], registers[program.results[0]]);
}

GCB_DEVICE float factor_of(float constant, int scalar, const gcb_update_tensor &tensor)
{
    return scalar < 0 ? constant : constant * *(const float *)tensor.scalars[scalar];
}

/// A chunk of a weight that is not centralized.
GCB_DEVICE void update_chunk(
    const gcb_update_program &program, const update_factors &factors,
    const gcb_update_tensor &tensor, int part)
{
    const long long count = tensor.rows * tensor.fan_in;
    const long long first = (long long)part * GCB_UPDATE_CHUNK;
    for (long long i = first + threadIdx.x; i < first + GCB_UPDATE_CHUNK && i < count;
         i += GCB_BLOCK) {
        float registers[GCB_UPDATE_REGISTERS];
        run_steps(program, factors, tensor, 0, program.step_count, 0, i, registers);
        store_results(program, tensor, i, registers);
    }
}

/// One output slice: the mean of what is centralized first, then everything. What the program
/// computes before centralizing is computed twice; memory is the cost, and the slice is in cache.
GCB_DEVICE void update_slice(
    const gcb_update_program &program, const update_factors &factors,
    const gcb_update_tensor &tensor, int row)
{
    const long long run = tensor.run, stride = tensor.rows * run, base = row * run;
    float sum = 0, squares = 0;
    for (long long j = threadIdx.x; j < tensor.fan_in; j += GCB_BLOCK) {
        const long long i = j / run * stride + base + j % run;
        float registers[GCB_UPDATE_REGISTERS];
        run_steps(program, factors, tensor, 0, program.center, 0, i, registers);
        const float u = update_source(program.steps[program.center].a, registers, tensor, i);
        sum += u;
        squares += u * u;
    }
    sum = block_sum(sum);
    squares = block_sum(squares);
    const float mean = sum / tensor.fan_in;
    for (long long j = threadIdx.x; j < tensor.fan_in; j += GCB_BLOCK) {
        const long long i = j / run * stride + base + j % run;
        float registers[GCB_UPDATE_REGISTERS];
        run_steps(program, factors, tensor, 0, program.step_count, mean, i, registers);
        store_results(program, tensor, i, registers);
    }
    if (threadIdx.x == 0) ((float2 *)tensor.row_energies)[row] = {sum * mean, squares};
}

GCB_KERNEL(update, gcb_update)
{
    GCB_SHARED(gcb_update_program, program, 1);
    GCB_SHARED(gcb_update_tensor, tensor, 1);
    GCB_SHARED(update_factors, factors, 1);
    const gcb_update_block block = ((const gcb_update_block *)arguments.blocks)[blockIdx.x];
    if (threadIdx.x == 0) tensor[0] = ((const gcb_update_tensor *)arguments.tensors)[block.tensor];
    __syncthreads();
    const gcb_update_program *source =
        (const gcb_update_program *)arguments.programs + tensor[0].program;
    const int words = sizeof(gcb_update_program) / sizeof(int);
    for (int i = threadIdx.x; i < words; i += GCB_BLOCK)
        ((int *)program)[i] = ((const int *)source)[i];
    __syncthreads();
    for (int i = threadIdx.x; i < program[0].step_count; i += GCB_BLOCK) {
        const gcb_update_step &step = program[0].steps[i];
        factors[0].alpha[i] = factor_of(step.alpha, step.alpha_scalar, tensor[0]);
        factors[0].beta[i] = factor_of(step.beta, step.beta_scalar, tensor[0]);
    }
    __syncthreads();
    if (program[0].center < 0) {
        update_chunk(program[0], factors[0], tensor[0], block.part);
    } else {
        update_slice(program[0], factors[0], tensor[0], block.part);
    }
}

/// A block for each weight: the energies of its slices, added up.
GCB_KERNEL(update_energies, gcb_update)
{
    const gcb_update_tensor &tensor =
        ((const gcb_update_tensor *)arguments.tensors)[blockIdx.x];
    if (!tensor.energies) return;
    float removed = 0, whole = 0;
    for (int row = threadIdx.x; row < tensor.rows; row += GCB_BLOCK) {
        const float2 energy = ((const float2 *)tensor.row_energies)[row];
        removed += energy.x;
        whole += energy.y;
    }
    removed = block_sum(removed);
    whole = block_sum(whole);
    if (threadIdx.x != 0) return;
    ((float *)tensor.energies)[0] = removed;
    ((float *)tensor.energies)[1] = whole;
}

// MARK: - Numbers that follow the step

/// *Reference:* Liu et al., "On the variance of the adaptive learning rate and beyond", 2020. p is
/// β₁, β₂ and whether ρ = 5 itself is long enough; parts as in the host's Rectification.
GCB_DEVICE double rectification(const double *p, int part, double t)
{
    const double power = pow(p[1], t), limit = 2 / (1 - p[1]) - 1;
    const double length = limit - 2 * t * power / (1 - power);
    const bool is_adaptive = p[2] != 0 ? length >= 5 : length > 5;
    if (part == 0) return is_adaptive;
    if (part == 1) return !is_adaptive;
    const double correction = 1 / (1 - pow(p[0], t));
    if (!is_adaptive) return correction;
    const double variance =
        (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length);
    return sqrt(variance * (1 - power)) * correction;
}

/// *Reference:* Zhang et al., "Lookahead optimizer: k steps forward, 1 step back", 2019. p is the
/// period, the share and whether the slow weights start from those after the first update; parts
/// as in the host's Lookahead.
GCB_DEVICE double lookahead(const double *p, int part, double t)
{
    const bool is_first = t == 1, starts_after = p[2] != 0;
    const double phase = starts_after ? t - 1 : t;
    const bool is_meeting = fmod(phase, p[0]) == 0;
    const double moved = is_meeting ? p[1] : 0;
    switch (part) {
    case 0: return is_first ? 0 : 1 - moved;
    case 1: return is_first && !starts_after ? 1 - moved : 0;
    case 2: return is_first && starts_after ? 1 : moved;
    case 3: return is_first || is_meeting;
    case 4: return is_meeting;
    default: return !is_meeting;
    }
}

/// One thread, in double precision.
GCB_KERNEL(step_coefficient, gcb_step_coefficient)
{
    if (threadIdx.x != 0) return;
    const double *p = arguments.p;
    const double step = *(const float *)arguments.step, t = step + 1;
    double y = 0;
    switch (arguments.kind) {
    case GCB_STEP_AFTER_FIRST: y = step == 0 ? 1 : p[0]; break;
    case GCB_STEP_CORRECTION: y = 1 / (1 - pow(p[0], t)); break;
    case GCB_STEP_ROOT_CORRECTION: y = 1 / sqrt(1 - pow(p[0], t)); break;
    case GCB_STEP_CORRECTION_RATIO: y = sqrt(1 - pow(p[1], t)) / (1 - pow(p[0], t)); break;
    case GCB_STEP_INVERSE_TIME: y = 1 / (1 + step * p[0]); break;
    case GCB_STEP_RECTIFICATION: y = rectification(p, arguments.part, t); break;
    case GCB_STEP_LOOKAHEAD: y = lookahead(p, arguments.part, t); break;
    }
    *(float *)arguments.y = y;
}

/// One thread: min(1, maximum / (√s + 10⁻⁶)); a norm that is not a number stays one.
GCB_KERNEL(clipping_factor, gcb_clipping)
{
    if (threadIdx.x != 0) return;
    const double factor =
        arguments.maximum / (sqrt((double)*(const float *)arguments.squared_norm) + 1e-6);
    *(float *)arguments.y = factor > 1 ? 1 : factor;
}
