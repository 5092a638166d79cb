extension Mistake {
    /// Backbones, norms, heads and the weights they start from.
    static let networks = [
        Mistake(
            line: "head: {name: gap, dimension: 64}",
            message: "6:19: error: 'dimension' belongs to fast_mpn, dropcov, not to gap"),
        Mistake(
            line: "head: {name: dropcov, iterations: 5}",
            message: "6:23: error: 'iterations' belongs to fast_mpn, not to dropcov"),
        Mistake(
            line: "head: {name: fast_mpn, iterations: 1}",
            message: "6:36: error: 'iterations' is an integer from 2 to 64, not 1"),
        Mistake(
            line: "replicas: 3",
            message: "6:11: error: a batch of 128 cannot be split into 3 equal micro-batches"),
        Mistake(
            line: "backbone: resnet19",
            message: "2:11: error: unknown backbone 'resnet19'; did you mean 'resnet18'?"),
        Mistake(
            line: "backbone: 18",
            message:
                "2:11: error: expected text (a name) or a map for 'backbone', found the integer 18"),
        Mistake(
            line: "backbone: {name: resnet18, stride_in: 1x1}",
            message: "2:28: error: 'stride_in' belongs to resnet50, resnet101, resnext29_4x64d, "
                + "resnext50_32x4d, resnext50_64x4d, resnext101_32x4d, resnext101_64x4d, "
                + "not to resnet18"),
        Mistake(
            line: "backbone: {name: resnet50, stride_in: 2x2}",
            message: "2:39: error: unknown stride_in '2x2'"),
        Mistake(
            line: "backbone: vgg11\nstem: cifar",
            message: "3:7: error: vgg11 meets every image in one way; remove 'stem'"),
        Mistake(
            line: "backbone: vgg11\nhead: fast_mpn",
            message: "3:7: error: fast_mpn is for residual networks, not for vgg11"),
        Mistake(
            line: "backbone: densenet121\nnormalization: {name: gn, groups: 64}",
            message: "3:16: error: 64 groups do not divide the 32 channels of densenet121"),
        Mistake(
            line: "pretrained: 5",
            message: "6:13: error: expected text (a path) or a map for 'pretrained', "
                + "found the integer 5"),
        Mistake(
            line: "pretrained: ${HOME/a",
            message: "6:13: error: '${' is never closed: write ${NAME}"),
        Mistake(
            line: "pretrained: {digest: abcd0123}",
            message: "6:13: error: pretrained needs 'path': text, a safetensors or PyTorch file; "
                + "${VAR} stands for a variable"),
        Mistake(
            line: "pretrained: {path: a, digest: abc}",
            message: "6:31: error: 'digest' is the first 8 to 64 hexadecimal digits of the "
                + "weights' digest, as `evaluate --json` prints it"),
        Mistake(
            line: "normalization: {name: bn, groups: 2}",
            message: "6:27: error: 'groups' belongs to gn, not to bn"),
        Mistake(
            line: "normalization: {name: gn, groups: 48}",
            message: "6:16: error: 48 groups do not divide the 64 channels of resnet18"),
    ]
}
