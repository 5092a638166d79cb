import CUDABackend
import CUDAEmulator
import Datasets
import Graphs
import Tensors
import Testing

@Suite("Batches made on the GPU")
struct ImageStockTests {
    private static let images = DatasetName.cifar10.standIn(split: .training, count: 21)

    private static func loader(_ content: BatchContent) throws -> Loader {
        var configuration = LoaderConfiguration.training(
            on: .cifar10, batchSize: 8, seed: 3, dropsLast: false)
        configuration.content = content
        return try Loader(images, configuration)
    }

    /// A plan that takes batches of so many images and keeps them.
    private static func plan(_ count: Int) throws -> Plan {
        let graph = GraphBuilder(precision: .float32)
        let x = graph.input("x", TensorSpec([count, 3, 32, 32], .float32))
        graph.output("y", try graph.relu(x))
        return try Planner(target: CUDATarget(), options: PlanOptions(keepsInputs: true))
            .plan(graph.finish())
    }

    /// Oracle: the processor's pipeline. Two epochs, each with a last batch of five images; crops
    /// reach beyond every edge, and half of the images are mirrored.
    @Test("They are, bit for bit, what the processor makes of the same images and seed")
    func sameBits() throws {
        let (whole, placed) = (try Self.loader(.images), try Self.loader(.placements))
        let plans = [8: try Self.plan(8), 5: try Self.plan(5)]
        for _ in 0..<2 * whole.plan.batchesPerEpoch {
            let expected = try whole.withNextBatch { $0.imageTensor }
            let plan = try #require(plans[expected.shape[0]])
            let input = try #require(plan.input("x"))
            var executor = try Executor.make(
                plans: [plan], on: try CUDABackend(EmulatedGPU.libraries))
            let stock = try executor.stock(
                count: Self.images.count, shape: Self.images.imageShape,
                table: DatasetName.cifar10.pipeline(.standard).normalization.table(of: Float.self)
            ) { try Self.images.image(at: $0).bytes }
            try placed.withNextBatch { batch in
                #expect(batch.images.count == 16 * batch.count)
                try executor.write(batch.images, of: stock, to: input)
            }
            #expect(try executor.read(input) == expected)
        }
    }

    @Test("The placements of an epoch shift and mirror both ways")
    func placements() throws {
        let loader = try Self.loader(.placements)
        var seen: [PlacedImage] = []
        for _ in 0..<loader.plan.batchesPerEpoch {
            try loader.withNextBatch { seen += $0.images.bindMemory(to: PlacedImage.self) }
        }
        #expect(seen.map(\.index).sorted() == Array(0..<21))
        #expect(Set(seen.map(\.isMirrored)) == [0, 1])
        #expect(seen.contains { $0.row < 0 } && seen.contains { $0.row > 0 })
        #expect(seen.contains { $0.column < 0 } && seen.contains { $0.column > 0 })
    }

    @Test("A backend that has none says so")
    func none() throws {
        let message = #expect(throws: BackendError.self) {
            var backend = Plain()
            _ = try backend.makeStock(count: 2, shape: [3, 4, 4], table: [])
        }?.description
        #expect(
            message
                == "the plain backend could not keep 2 images: it takes images batch by batch only")
    }
}

/// A backend that does nothing.
private struct Plain: Backend, ~Copyable {
    var name: String { "plain" }
    func allocateArena(byteCount: Int) {}
    func prepare(_ instruction: Instruction) -> Int { 0 }
    func run(_ kernel: Int) {}
    func upload(_ bytes: UnsafeRawBufferPointer, to offset: Int) {}
    func download(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int) {}
    func synchronize() {}
}
