/// The instructions of Python's pickle format that are carried out. All others are refused.
///
/// They are those that plain data need, as Python 2 and 3 write them under protocols 2 to 5; a
/// ``PickleVocabulary`` may allow fewer.
///
/// *Reference:* CPython, `Lib/pickletools.py`.
enum PickleOpcode: UInt8, CaseIterable {
    // The frame of the file.
    case proto = 0x80
    case frame = 0x95
    case stop = 0x2E  // .
    case mark = 0x28  // (

    // Constants.
    case none = 0x4E  // N
    case newTrue = 0x88
    case newFalse = 0x89
    case binInt = 0x4A  // J
    case binInt1 = 0x4B  // K
    case binInt2 = 0x4D  // M
    case long1 = 0x8A
    case binFloat = 0x47  // G

    // Text and bytes. What Python 2 calls a string is bytes.
    case shortBinString = 0x55  // U
    case binString = 0x54  // T
    case shortBinUnicode = 0x8C
    case binUnicode = 0x58  // X
    case binUnicode8 = 0x8D
    case shortBinBytes = 0x43  // C
    case binBytes = 0x42  // B
    case binBytes8 = 0x8E
    case byteArray8 = 0x96

    // Containers.
    case emptyTuple = 0x29  // )
    case tuple = 0x74  // t
    case tuple1 = 0x85
    case tuple2 = 0x86
    case tuple3 = 0x87
    case emptyList = 0x5D  // ]
    case append = 0x61  // a
    case appends = 0x65  // e
    case emptyDict = 0x7D  // }
    case setItem = 0x73  // s
    case setItems = 0x75  // u

    // The memo.
    case binPut = 0x71  // q
    case longBinPut = 0x72  // r
    case binGet = 0x68  // h
    case longBinGet = 0x6A  // j
    case memoize = 0x94

    // Named things, of which `PickleCallable` lists all that there are.
    case global = 0x63  // c
    case stackGlobal = 0x93
    case reduce = 0x52  // R
    case build = 0x62  // b
    /// Names something that lies outside of the pickle.
    case binPersistentId = 0x51  // Q
}
