// Huffman codes of ordinary JPEGs: those of one scan, neither progressive nor with restart markers.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <jpeglib.h>

/// Codes of up to this many bits take one look.
#define GCB_SHORT_CODE_BITS 11

/// What a code stands for.
typedef struct {
    /// Of the code and of the number behind it; 0 for a code that is longer or does not exist.
    uint8_t bit_count;
    uint8_t code_bit_count, number_bit_count;
    /// How far the number lies from the last one in the block; beyond it for the end of a block.
    uint8_t advance;
} gcb_code;

/// Two codes that lie within one look, or a single one and nothing.
typedef struct {
    /// Of all; the last number may reach beyond the look.
    uint8_t bit_count;
    /// Of all; beyond a block where neither counts.
    uint8_t advance;
    /// Where the second code begins.
    uint8_t second_start, second_advance;
    uint8_t code_bit_counts[2], number_bit_counts[2];
} gcb_code_pair;

typedef struct {
    gcb_code codes[1 << GCB_SHORT_CODE_BITS];
    /// Of AC tables.
    gcb_code_pair pairs[1 << GCB_SHORT_CODE_BITS];
    /// By length, of codes aligned to 16 bits: the first one that is longer; where in `symbols` the
    /// codes of the length begin, less the first of them.
    uint32_t ends[17];
    int32_t offsets[17];
    /// What the table was made of.
    JHUFF_TBL source;
    bool is_made, is_direct;
} gcb_code_table;

/// Bits of the compressed data, the next one uppermost.
typedef struct {
    uint64_t window;
    /// The eight bytes at `next`, asked for before they are needed.
    uint64_t ahead;
    const uint8_t *next;
    /// How many bits of `window` count.
    uint32_t count;
} gcb_bits;

/// Decodes one scan in the place of libjpeg's decoder. It keeps tables and memory from photo to photo.
typedef struct {
    gcb_bits bits;
    /// The scan's data without stuffed zeros, and zeros behind them.
    uint8_t *data;
    size_t byte_count, capacity;
    /// The column of the next MCU.
    JDIMENSION column;
    int last_dc[MAX_COMPS_IN_SCAN];
    gcb_code_table dc[NUM_HUFF_TBLS], ac[NUM_HUFF_TBLS];
} gcb_huffman;

/// Takes over a scan that libjpeg has started and not read of. Where anything about it is unusual,
/// such as a file that ends before its image, the scan stays with libjpeg.
///
/// `jpeg->client_data` points to the decoder from then on.
///
/// - Returns: false where it stays.
bool gcb_huffman_take_over(gcb_huffman *decoder, j_decompress_ptr jpeg);
