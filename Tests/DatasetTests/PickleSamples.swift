import Foundation

/// Pickles written by Python 3.11 and numpy 2.4; what each holds is said beside it.
enum PickleSamples {
    /// `{'data': np.arange(6, dtype='u1').reshape(2, 3), 'labels': [3, 7], 'batch_label': …}` under
    /// protocols 2 to 5, and without the last key as Python 2's cPickle and numpy 1 wrote it.
    static let documents: [String: [UInt8]] = [
        "Python 2": bytes(
            """
            gAJ9cQEoVQRkYXRhcQJjbnVtcHkuY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxA2NudW1weQpuZGFycmF5
            CnEESwCFVQFih1JxBShLAUsCSwOGY251bXB5CmR0eXBlCnEGVQJ1MUsASwGHUnEHKEsDVQF8Tk5OSv////9K////
            /0sAdGKJVQYAAQIDBAV0YlUGbGFiZWxzcQhdcQkoSwNLB2V1Lg==
            """),
        "protocol 2": bytes(
            """
            gAJ9cQAoWAQAAABkYXRhcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRh
            cnJheQpxA0sAhXEEY19jb2RlY3MKZW5jb2RlCnEFWAEAAABicQZYBgAAAGxhdGluMXEHhnEIUnEJh3EKUnELKEsB
            SwJLA4ZxDGNudW1weQpkdHlwZQpxDVgCAAAAdTFxDomIh3EPUnEQKEsDWAEAAAB8cRFOTk5K/////0r/////SwB0
            cRJiiWgFWAYAAAAAAQIDBAVxE2gHhnEUUnEVdHEWYlgGAAAAbGFiZWxzcRddcRgoSwNLB2VYCwAAAGJhdGNoX2xh
            YmVscRlYFQAAAHRyYWluaW5nIGJhdGNoIDEgb2YgNXEadS4=
            """),
        "protocol 3": bytes(
            """
            gAN9cQAoWAQAAABkYXRhcQFjbnVtcHkuX2NvcmUubXVsdGlhcnJheQpfcmVjb25zdHJ1Y3QKcQJjbnVtcHkKbmRh
            cnJheQpxA0sAhXEEQwFicQWHcQZScQcoSwFLAksDhnEIY251bXB5CmR0eXBlCnEJWAIAAAB1MXEKiYiHcQtScQwo
            SwNYAQAAAHxxDU5OTkr/////Sv////9LAHRxDmKJQwYAAQIDBAVxD3RxEGJYBgAAAGxhYmVsc3ERXXESKEsDSwdl
            WAsAAABiYXRjaF9sYWJlbHETWBUAAAB0cmFpbmluZyBiYXRjaCAxIG9mIDVxFHUu
            """),
        "protocol 4": bytes(
            """
            gASV0wAAAAAAAAB9lCiMBGRhdGGUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVu
            dW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAksDhpRoBYwFZHR5cGWUk5SMAnUxlImIh5RSlChLA4wB
            fJROTk5K/////0r/////SwB0lGKJQwYAAQIDBAWUdJRijAZsYWJlbHOUXZQoSwNLB2WMC2JhdGNoX2xhYmVslIwV
            dHJhaW5pbmcgYmF0Y2ggMSBvZiA1lHUu
            """),
        "protocol 5": bytes(
            """
            gAWVvgAAAAAAAAB9lCiMBGRhdGGUjBNudW1weS5fY29yZS5udW1lcmljlIwLX2Zyb21idWZmZXKUk5QolgYAAAAA
            AAAAAAECAwQFlIwFbnVtcHmUjAVkdHlwZZSTlIwCdTGUiYiHlFKUKEsDjAF8lE5OTkr/////Sv////9LAHSUYksC
            SwOGlIwBQ5R0lFKUjAZsYWJlbHOUXZQoSwNLB2WMC2JhdGNoX2xhYmVslIwVdHJhaW5pbmcgYmF0Y2ggMSBvZiA1
            lHUu
            """),
        "column-major": bytes(
            """
            gASVrQAAAAAAAAB9lCiMBGRhdGGUjBZudW1weS5fY29yZS5tdWx0aWFycmF5lIwMX3JlY29uc3RydWN0lJOUjAVu
            dW1weZSMB25kYXJyYXmUk5RLAIWUQwFilIeUUpQoSwFLAksDhpRoBYwFZHR5cGWUk5SMAnUxlImIh5RSlChLA4wB
            fJROTk5K/////0r/////SwB0lGKIQwYAAwEEAgWUdJRijAZsYWJlbHOUXZQoSwNLB2V1Lg==
            """),
    ]

    /// Pickles that Python would run or build something else from, and what their refusal names.
    static let malicious: [(what: String, bytes: [UInt8], named: String)] = [
        (
            "os.system, protocol 2",
            bytes(
                "gAJ9cQBYBAAAAGRhdGFxAWNwb3NpeApzeXN0ZW0KcQJYCgAAAGVjaG8gb3duZWRxA4VxBFJxBXMu"),
            "posix.system"
        ),
        (
            "os.system, protocol 4",
            bytes(
                "gASVLwAAAAAAAAB9lIwEZGF0YZSMBXBvc2l4lIwGc3lzdGVtlJOUjAplY2hvIG93bmVklIWUUpRzLg=="),
            "posix.system"
        ),
        (
            "os.system, protocol 0",
            bytes("Y3Bvc2l4CnN5c3RlbQpwMAooVmVjaG8gb3duZWQKcDEKdHAyClJwMwou"),
            "posix.system"
        ),
        ("os.system through INST", Array("(ios\nsystem\n.".utf8), "os.system"),
        (
            "builtins.eval",
            bytes("gASVKQAAAAAAAAB9lIwEZGF0YZSMCGJ1aWx0aW5zlIwEZXZhbJSTlIwDMSsxlIWUUpRzLg=="),
            "builtins.eval"
        ),
        (
            "numpy objects",
            bytes(
                """
                gAJ9cQBYBAAAAGRhdGFxAWNudW1weS5fY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAmNudW1weQpu
                ZGFycmF5CnEDSwCFcQRjX2NvZGVjcwplbmNvZGUKcQVYAQAAAGJxBlgGAAAAbGF0aW4xcQeGcQhScQmHcQpS
                cQsoSwFLAoVxDGNudW1weQpkdHlwZQpxDVgCAAAATzhxDomIh3EPUnEQKEsDWAEAAAB8cRFOTk5K/////0r/
                ////Sz90cRJiiV1xEyhOSwFldHEUYnMu
                """),
            "O8"
        ),
        (
            "numpy float64",
            bytes(
                """
                gAJ9cQBYBAAAAGRhdGFxAWNudW1weS5fY29yZS5tdWx0aWFycmF5Cl9yZWNvbnN0cnVjdApxAmNudW1weQpu
                ZGFycmF5CnEDSwCFcQRjX2NvZGVjcwplbmNvZGUKcQVYAQAAAGJxBlgGAAAAbGF0aW4xcQeGcQhScQmHcQpS
                cQsoSwFLAoVxDGNudW1weQpkdHlwZQpxDVgCAAAAZjhxDomIh3EPUnEQKEsDWAEAAAA8cRFOTk5K/////0r/
                ////SwB0cRJiiWgFWBAAAAAAAAAAAAAAAAAAAAAAAAAAcRNoB4ZxFFJxFXRxFmJzLg==
                """),
            "f8"
        ),
        ("a float", bytes("gAJ9cQBYBAAAAGRhdGFxAUc/+AAAAAAAAHMu"), "0x47"),
    ]

    private static func bytes(_ base64: String) -> [UInt8] {
        let line = base64.split(separator: "\n").joined()
        return Array(Data(base64Encoded: line) ?? Data())
    }
}
