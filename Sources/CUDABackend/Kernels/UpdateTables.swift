import CCUDA
import CUDAKernels
import Graphs

/// What the update kernel reads: the programs of some weights, the weights, and a list of blocks.
struct UpdateTables {
    private let arguments: gcb_update
    private let blockCount: Int
    private let weightCount: Int
    private let centralizes: Bool

    /// - Parameters:
    ///   - sites: instructions that are updates; none may read what another one writes.
    ///   - copies: conversions to bfloat16 of an update's first result.
    init(_ sites: [Site], copies: [Int: Instruction] = [:], device: CUDADevice)
        throws(CUDAFailure)
    {
        var programs: [UpdateProgram] = []
        var tensors: [gcb_update_tensor] = []
        var blocks: [gcb_update_block] = []
        for (index, site) in sites.enumerated() {
            guard case .update(let program) = site.instruction.operation else { continue }
            let number = programs.firstIndex(of: program) ?? programs.count
            if number == programs.count { programs.append(program) }
            var tensor = site.updateTensor(program, number: number)
            if let copy = copies[index] { tensor.narrow = site.address(copy.results[0]) }
            blocks += Self.blocks(of: tensor, number: tensors.count)
            tensors.append(tensor)
        }
        let lowered = programs.compactMap { LoweredUpdate($0)?.program }
        precondition(lowered.count == programs.count, "the target has checked the programs")
        arguments = gcb_update(
            programs: try device.table(lowered), tensors: try device.table(tensors),
            blocks: try device.table(blocks))
        (blockCount, weightCount) = (blocks.count, tensors.count)
        centralizes = tensors.contains { $0.energies != 0 }
    }

    /// A slice each where a weight is centralized, else chunks.
    private static func blocks(of tensor: gcb_update_tensor, number: Int) -> [gcb_update_block] {
        let chunk = Int64(GCB_UPDATE_CHUNK)
        let count =
            tensor.energies != 0
            ? Int64(tensor.rows) : (Int64(tensor.rows) * tensor.fan_in + chunk - 1) / chunk
        return (0..<count).map { gcb_update_block(tensor: Int32(number), part: Int32($0)) }
    }

    /// One launch, and one more for the energies of what is centralized.
    func launches(_ site: Site) throws(CUDAFailure) -> CUDAKernel.Body {
        let update = try site.launch("update", .none, LaunchGrid(max(1, blockCount)), arguments)
        guard centralizes else { return update }
        return site.sequence(
            update,
            try site.launch("update_energies", .none, LaunchGrid(weightCount), arguments))
    }
}
