import Tensors

/// The sets of photos besides ImageNet. Where the images at hand are not the files of the official
/// archive, as in class folders that somebody prepared, their manifest is part of a job's id.
extension DatasetFacts {
    /// 600 images of each of 100 ImageNet classes, 500 for training and 100 for the test (Ravi and
    /// Larochelle's classes, split by images). There is no official archive of this split, so the
    /// identity is a name.
    ///
    /// *Reference:* the published Mini_ImageNet script and paper.
    static let miniImagenet = DatasetFacts(
        title: "Mini-ImageNet", classCount: 100, imageShape: [3, 224, 224],
        trainingCount: 50_000, testCount: 10_000, normalization: .imagenet,
        augmentation: .imagenetTraining, evaluation: .imagenetEvaluation,
        declaredIdentity: "mini_imagenet:500+100 of 100:1",
        layout: "train/ and val/ (or test/), each with one folder per class full of images")

    /// *Reference:* Krause et al., "3D object representations for fine-grained categorization",
    /// 2013; the identity is the MD5 of `cars_train.tgz` that torchvision checks.
    static let stanfordCars = fineGrained(
        title: "Stanford Cars", classCount: 196, trainingCount: 8_144, testCount: 8_041,
        identity: "stanford_cars:md5:065e5b463ae28d29e77c1b4b166cfe61",
        lists: "cars_train/, cars_test/ and the annotations in text form (\(CarLists.mark) …)")

    /// *Reference:* Khosla et al., "Novel dataset for fine-grained image categorization", 2011; the
    /// identity is the SHA-256 of `images.tar` that TensorFlow Datasets checks.
    static let stanfordDogs = fineGrained(
        title: "Stanford Dogs", classCount: 120, trainingCount: 12_000, testCount: 8_580,
        identity: "stanford_dogs:sha256:"
            + "a443fc2f9a851aa1a7b8e4fa4af94b8459fce2c9f5a2f4dd4669cf9673a4ec58",
        lists: "Images/ and the lists in text form (train_list.txt, \(DogLists.mark))")

    /// *Reference:* Maji et al., "Fine-grained visual classification of aircraft", 2013; the
    /// identity is the SHA-256 of `fgvc-aircraft-2013b.tar.gz` that TensorFlow Datasets checks.
    static let fgvcAircraft = fineGrained(
        title: "FGVC-Aircraft", classCount: 100, trainingCount: 6_667, testCount: 3_333,
        identity: "fgvc_aircraft:sha256:"
            + "d5f68b1b81d6d7831eb9d5c5517074176b5dfbce6bcb43dc14ed1c66a87b8d75",
        lists: "images/, variants.txt, images_variant_trainval.txt and \(AircraftLists.mark)")

    /// *Reference:* Wah et al., "The Caltech-UCSD Birds-200-2011 dataset", 2011; the identity is the
    /// published MD5 of `CUB_200_2011.tgz`.
    static let cub200 = fineGrained(
        title: "CUB-200-2011", classCount: 200, trainingCount: 5_994, testCount: 5_794,
        identity: "cub200:md5:97eceeb196236b17998738112f37df78",
        lists: "images/, images.txt, image_class_labels.txt, classes.txt and \(BirdLists.mark)")

    /// Rendered pictures. Pixels are divided by 255 and nothing else.
    ///
    /// *Reference:* the Keras example `gradient_centralization`; the identity is the SHA-256 of
    /// `horse-or-human.zip` that TensorFlow Datasets checks.
    static let horsesOrHumans = DatasetFacts(
        title: "Horses or humans", classCount: 2, imageShape: [3, 300, 300],
        trainingCount: 1_027, testCount: 256, normalization: .unit,
        augmentation: .kerasTraining, declaredIdentity: "horses_or_humans:sha256:"
            + "e2e6f70d3d549c5dd10a57165e55af253ee66ad750403f95c0fb76bb943633a9",
        layout: """
            horse-or-human/ and validation-horse-or-human/, each with horses/ and humans/, or \
            train/ and val/ with them
            """)

    /// The protocol that the four published fine-grained runs share: 448×448, no random crop.
    private static func fineGrained(
        title: String, classCount: Int, trainingCount: Int, testCount: Int, identity: String,
        lists: String
    ) -> DatasetFacts {
        DatasetFacts(
            title: title, classCount: classCount, imageShape: [3, 448, 448],
            trainingCount: trainingCount, testCount: testCount, normalization: .imagenet,
            augmentation: .fineGrainedTraining, evaluation: .fineGrainedEvaluation,
            declaredIdentity: identity,
            layout: """
                \(lists), or train/ and val/ (or test/), each with one folder per class full of \
                images
                """)
    }
}
