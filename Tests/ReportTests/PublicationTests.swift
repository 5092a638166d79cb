import Publications
import Testing

@Suite("Published figures")
struct PublicationTests {
    @Test("The tables are those that specs name")
    func names() {
        #expect(
            ReportTable.allCases.map(\.rawValue) == [
                "imagenet", "mini_imagenet", "cifar100_networks", "cifar100_optimizers",
                "fine_grained", "coco_faster_rcnn", "coco_mask_rcnn", "market1501",
                "covariance_pooling", "keras_horses_or_humans",
            ])
    }

    @Test("Every row has a figure for every metric, and no two rows are the same setting")
    func complete() {
        for table in ReportTable.allCases {
            let publication = table.publication
            #expect(!publication.source.isEmpty && !publication.footnotes.isEmpty)
            for row in publication.rows {
                for arm in row.arms {
                    #expect(Set(arm.numbers.keys) == Set(publication.metrics.map(\.name)))
                    #expect(arm.numbers.values.allSatisfy { (10...100).contains($0.mean) })
                }
                let matching = publication.rows.filter {
                    $0.matches(
                        dataset: row.dataset, backbone: row.backbone,
                        normalization: row.normalization, optimizer: row.optimizer,
                        epochs: row.epochs ?? 1)
                }
                #expect(matching == [row])
            }
        }
    }

    @Test("Group normalization matches however its groups are written, and not with WS")
    func normalizations() throws {
        let row = try #require(ReportTable.imagenet.publication.rows.first { $0.label == "R50GN" })
        func matches(_ normalization: String) -> Bool {
            row.matches(
                dataset: "imagenet", backbone: "resnet50", normalization: normalization,
                optimizer: "sgd", epochs: 100)
        }
        #expect(matches("gn") && matches("gn(32)") && matches("gn32"))
        #expect(!matches("bn") && !matches("gn+ws"))
        #expect(row.arm("gcc")?.numbers["test_error"]?.mean == 23.53)
        #expect(row.arm("gc") == nil)
    }

    @Test("Keras's two figures belong to ten and to twenty epochs, both without centralization")
    func kerasEpochs() throws {
        let rows = ReportTable.kerasHorsesOrHumans.publication.rows
        for (epochs, figure) in [(10, 76.04), (20, 81.54)] {
            let matching = rows.filter {
                $0.matches(
                    dataset: "horses_or_humans", backbone: "keras_cnn", normalization: "none",
                    optimizer: "rmsprop", epochs: epochs)
            }
            #expect(matching.count == 1)
            #expect(matching.first?.arm("none")?.numbers["train_accuracy"]?.mean == figure)
            #expect(matching.first?.arm("gc") == nil)
        }
    }

    @Test("Figures that were not obtained are not invented")
    func missing() {
        #expect(ReportTable.cifar100Networks.publication.rows.isEmpty)
        #expect(ReportTable.cifar100Optimizers.publication.rows.isEmpty)
    }
}
