/// Digests that were published, or that widely used libraries check, for files of a data set.
struct OfficialChecksum: Hashable, Sendable {
    enum Digest: Hashable, Sendable {
        case md5(String)
        case sha256(String)
    }

    /// Relative to the data folder or to the folder above it.
    let file: String
    let digest: Digest

    init(_ file: String, md5: String) {
        self.file = file
        digest = .md5(md5)
    }

    init(_ file: String, sha256: String) {
        self.file = file
        digest = .sha256(sha256)
    }
}

extension DatasetName {
    /// The archives as they are downloaded.
    ///
    /// *Reference:* MD5: the CIFAR page, torchvision (`CIFAR10`, `CIFAR100`, `StanfordCars`, `ImageNet`),
    /// the CUB-200-2011 page; SHA-256: TensorFlow Datasets (`url_checksums`).
    var archives: [OfficialChecksum] {
        switch self {
        case .cifar10:
            [
                .init("cifar-10-binary.tar.gz", md5: "c32a1d4ab5d03f1284b67883e8d87530"),
                .init("cifar-10-python.tar.gz", md5: "c58f30108f718f92721af3b95e74349a"),
            ]
        case .cifar100:
            [
                .init("cifar-100-binary.tar.gz", md5: "03b5dce01913d631647c71ecec9e9cb8"),
                .init("cifar-100-python.tar.gz", md5: "eb9058c3a382ffc7106e4002c42a8d85"),
            ]
        case .imagenet:
            [
                .init("ILSVRC2012_img_train.tar", md5: "1d675b47d978889d74fa0da5fadfb00e"),
                .init("ILSVRC2012_img_val.tar", md5: "29b22e2961454d5413ddabcf34fc5622"),
            ]
        case .stanfordCars:
            [
                .init("cars_train.tgz", md5: "065e5b463ae28d29e77c1b4b166cfe61"),
                .init("cars_test.tgz", md5: "4ce7ebf6a94d07f1952d94dd34c4d501"),
                .init("car_devkit.tgz", md5: "c3b158d763b6e2245038c8ad08e45376"),
                .init("cars_test_annos_withlabels.mat", md5: "b0a2b23655a3edd16d84508592a98d10"),
            ]
        case .stanfordDogs:
            [
                .init(
                    "images.tar",
                    sha256: "a443fc2f9a851aa1a7b8e4fa4af94b8459fce2c9f5a2f4dd4669cf9673a4ec58"),
                .init(
                    "lists.tar",
                    sha256: "34b47cacd9a98b5d150e084f24d29391c084c55272295ec65c85651bc35f4d6c"),
            ]
        case .fgvcAircraft:
            [
                .init(
                    "fgvc-aircraft-2013b.tar.gz",
                    sha256: "d5f68b1b81d6d7831eb9d5c5517074176b5dfbce6bcb43dc14ed1c66a87b8d75")
            ]
        case .cub200: [.init("CUB_200_2011.tgz", md5: "97eceeb196236b17998738112f37df78")]
        case .horsesOrHumans:
            [
                .init(
                    "horse-or-human.zip",
                    sha256: "e2e6f70d3d549c5dd10a57165e55af253ee66ad750403f95c0fb76bb943633a9"),
                .init(
                    "validation-horse-or-human.zip",
                    sha256: "ae5fff2f4f5554791f05358108e2e05d9801b191f1896ea101402f0e7f6c32c0"),
            ]
        case .shapes, .miniImagenet, .imagenette, .imageFolder: []
        }
    }

    /// Files of the set itself. Those of CIFAR's binary form were never published one by one.
    ///
    /// *Reference:* torchvision, `CIFAR10` and `CIFAR100`.
    var checkedFiles: [OfficialChecksum] {
        switch self {
        case .cifar10:
            [
                .init("data_batch_1", md5: "c99cafc152244af753f735de768cd75f"),
                .init("data_batch_2", md5: "d4bba439e000b95fd0a9bffe97cbabec"),
                .init("data_batch_3", md5: "54ebc095f3ab1f0389bbae665268c751"),
                .init("data_batch_4", md5: "634d18415352ddfa80567beed471001a"),
                .init("data_batch_5", md5: "482c414d41f54cd18b22e5b47cb7c3cb"),
                .init("test_batch", md5: "40351d587109b95175f43aff81a1287e"),
            ]
        case .cifar100:
            [
                .init("train", md5: "16019d7e3df5f24257cddd939b257f8d"),
                .init("test", md5: "f0ef6b0ae62326f3e7ffdfab6717acfc"),
            ]
        case .shapes, .imagenet, .imagenette, .imageFolder, .miniImagenet, .stanfordCars,
            .stanfordDogs, .fgvcAircraft, .cub200, .horsesOrHumans:
            []
        }
    }
}
