/// cuDNN's numbers of an operation and of its attributes.
struct ConvolutionAttributes {
    let kind: Int
    let convolution: Int
    let x: Int
    let w: Int
    let y: Int
    let alpha: Int
    let beta: Int
}
