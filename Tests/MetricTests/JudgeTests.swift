import Foundation
import Metrics
import Testing

@Suite("judge --json")
struct JudgeTests {
    private func judge(_ json: String) throws -> String {
        String(decoding: try Judge.judge(json: Data(json.utf8)), as: UTF8.self)
    }

    @Test("The answer has every key, null where there is nothing to say")
    func shape() throws {
        let answer = try judge(
            """
            {"cells": [{"off": [1, 2, null, 4], "on": [2, 3, 4, "nan"], "published_off": null,
              "published_on": {"mean": 2.5, "std": null, "n": 1}, "margin": 0.25,
              "higher_is_better": true}]}
            """)
        #expect(
            answer == """
                {
                  "cells" : [
                    {
                      "effect" : {
                        "diverged_off" : 1,
                        "diverged_on" : 1,
                        "equivalence_p" : 1,
                        "interval" : [
                          1,
                          1
                        ],
                        "mean" : 1,
                        "n" : 2,
                        "p" : 0.5,
                        "p_holm" : 0.5,
                        "seeds_needed" : null,
                        "smallest_p" : 0.5,
                        "std" : 0,
                        "verdict" : "inconclusive"
                      },
                      "value_off" : null,
                      "value_on" : {
                        "interval" : [
                          -1.9682754235006588,
                          7.968275423500659
                        ],
                        "kind" : "prediction",
                        "verdict" : "inconclusive"
                      }
                    }
                  ]
                }
                """)
    }

    @Test("No cells give no cells")
    func empty() throws {
        #expect(try judge(#"{"cells": []}"#).contains("\"cells\" : [\n\n  ]"))
    }

    @Test(
        "A document that cannot be judged is refused with the place and what is expected",
        arguments: [
            ("", "the document:"),
            ("[]", "the document:"),
            ("{}", "the document has no \"cells\""),
            (#"{"cells": [{"off": [1]}]}"#, "cells[0] has no \"on\""),
            (#"{"cells": [{"off": [1, "x"], "on": [1, 2]}]}"#, "cells[0].off[1]: \"x\" is not"),
            (#"{"cells": [{"off": [1, true], "on": [1, 2]}]}"#, "cells[0].off[1]: "),
            (#"{"cells": [{"off": [], "on": []}, {"off": [1], "on": []}]}"#, "cells[1]: the arms"),
            (#"{"cells": [{"off": [1], "on": [1], "margin": -1}]}"#, "cells[0]: \"margin\" is -1"),
            (
                #"{"cells": [{"off": [], "on": [], "published_on": {"mean": 1, "n": 0}}]}"#,
                "cells[0]: a published figure has n = 0"
            ),
        ])
    func refused(_ json: String, _ beginning: String) throws {
        let error = #expect(throws: JudgeError.self) { try judge(json) }
        #expect("\(try #require(error))".hasPrefix(beginning), "\(error.map(String.init) ?? "")")
    }

    @Test("Values near the end of the number range give null, not a crash")
    func overflow() throws {
        let answer = try judge(
            #"{"cells": [{"off": [1e308, -1e308], "on": [-1e308, 1e308], "margin": 1}]}"#)
        #expect(answer.contains("\"interval\" : null"))
    }
}
