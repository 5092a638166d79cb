import Foundation
import Tensors
import Testing
import Weights

/// Files that PyTorch and safetensors wrote (`Tests/Goldens/weights.py`).
@Suite("Files of weights")
struct WeightsFileTests {
    @Test("A state dict is the same from either format and any protocol")
    func formats() throws {
        let files = try ["network.pth", "protocol4.pth", "network.safetensors"].map {
            try WeightSamples.read($0)
        }
        #expect(files.map(\.format) == [.torch, .torch, .safetensors])
        for file in files {
            #expect(file.tensors == files[0].tensors && file.notes.isEmpty)
        }
        #expect(files[0].tensors["conv1.weight"]?.spec == TensorSpec([4, 3, 3, 3], .float32))
        #expect(files[0].tensors["bn1.num_batches_tracked"]?.spec == TensorSpec([], .int64))
    }

    /// The length of the header comes first, and its lowest byte may be the first of a pickle.
    @Test("A safetensors file is known for one, whatever the length of its header")
    func headerLengths() throws {
        for length in 1...300 {
            let name = String(repeating: "x", count: length)
            let file = Safetensors([name: HostTensor([1 as Float], shape: [1])]).encoded()
            let read = try WeightsFile(decoding: Array(file), path: "t")
            #expect(read.format == .safetensors && read.tensors.keys.first == name)
        }
    }

    @Test("A training checkpoint gives its state dict without the wrapper's prefix, and says so")
    func checkpoint() throws {
        let file = try WeightSamples.read("checkpoint.pth")
        #expect(file.tensors == (try WeightSamples.read("network.pth").tensors))
        #expect(
            file.notes == ["took the weights under 'state_dict'", "took 'module.' off every name"])
    }

    /// The same views as dense tensors, written by safetensors' own library.
    @Test("Every view is read element by element as PyTorch sees it")
    func views() throws {
        let (views, dense) = (
            try WeightSamples.read("views.pth").tensors,
            try WeightSamples.read("views.safetensors").tensors
        )
        #expect(Set(views.keys) == Set(dense.keys) && views.count == 17)
        for (name, tensor) in views {
            let expected = try #require(dense[name])
            #expect(tensor.shape == expected.shape, "\(name)")
            #expect(tensor.doubles() == expected.doubles(), "\(name)")
        }
        #expect(
            views["float16"]?.scalarType == .float32 && views["float64"]?.scalarType == .float64)
    }

    @Test("Half precision is widened, in safetensors too")
    func half() throws {
        let (half, full) = (
            try WeightSamples.read("half.safetensors"), try WeightSamples.read("network.pth")
        )
        for (name, tensor) in half.tensors {
            let (own, exact) = (tensor.doubles(), try #require(full.tensors[name]).doubles())
            for (rounded, number) in zip(own, exact) {
                // Half a unit in the last of 11 places.
                #expect(abs(rounded - number) <= abs(number) * 0x1p-11 + 0x1p-25, "\(name)")
            }
        }
    }

    /// IEEE 754-2019, table 3.5, and the extreme numbers of the format.
    @Test("Half precision's corners")
    func corners() {
        let numbers: [(UInt16, Float)] = [
            (0, 0), (1, 0x1p-24), (0x3FF, 0x1.FF8p-15), (0x400, 0x1p-14), (0x3C00, 1),
            (0xC000, -2), (0x7BFF, 65_504), (0x7C00, .infinity), (0xFC00, -.infinity),
        ]
        for (bits, number) in numbers {
            #expect(HalfPrecision.float(bitPattern: bits) == number)
        }
        #expect(HalfPrecision.float(bitPattern: 0x8000).sign == .minus)
        #expect(HalfPrecision.float(bitPattern: 0x7E00).isNaN)
    }
}
