// Most of the time that a photo takes goes into its Huffman codes, so they are decoded here; the
// coefficients are libjpeg's. libjpeg lets the decoder of a scan be replaced: its methods are pointers
// in `jpegint.h`.
//
// Microseconds to decode a random crop's part of a photo of 500×375 and 75 kB, without interpolated
// colour (35 photos, AMD EPYC family 26); about 115 of them are not for the codes:
//
//     libjpeg-turbo 2.1.5: a look of 8 bits per code, bytes checked for stuffing as they come   495
//     stuffing taken out first, 8 bytes loaded ahead, a look of 10 bits                        381
//     two codes per look of 10 bits                                                            330
//     two codes per look of 11 bits                                                            320
//
// 9 bits are slower; shifts that leave flags alone (BMI2) change nothing.
#include "huffman.h"

#include <stdlib.h>
#include <string.h>

#include <jerror.h>
#include <jpegint.h>

/// More than the codes of an MCU can take: 10 blocks of 64 codes and numbers, 28 bits each.
#define SLACK 4096

#define INLINE static inline __attribute__((always_inline))

// MARK: - Tables

/// Beyond any place in a block.
#define END_OF_BLOCK 64

/// - Parameter symbol: of an AC table the number's bits below the zeros before it.
static gcb_code code_of(int length, int symbol, bool is_dc) {
    int number = is_dc ? symbol : symbol & 15, zeros = is_dc ? 0 : symbol >> 4;
    gcb_code code = {
        .bit_count = (uint8_t)(length + number),
        .code_bit_count = (uint8_t)length,
        .number_bit_count = (uint8_t)number,
        .advance = (uint8_t)(zeros + 1),
    };
    if (!is_dc && number == 0 && zeros < 15) code.advance = END_OF_BLOCK;
    return code;
}

static void make_pairs(gcb_code_table *table) {
    for (uint32_t look = 0; look < 1 << GCB_SHORT_CODE_BITS; ++look) {
        gcb_code first = table->codes[look], second = {0};
        // What lies behind the look reads as zeros, so a code that reaches there is not known.
        if (first.bit_count < GCB_SHORT_CODE_BITS)
            second = table->codes[(look << first.bit_count) & ((1 << GCB_SHORT_CODE_BITS) - 1)];
        if (second.bit_count == 0 || second.advance == END_OF_BLOCK
            || first.bit_count + second.code_bit_count > GCB_SHORT_CODE_BITS)
            second = (gcb_code){0};
        bool is_single = first.bit_count > 0 && first.advance < END_OF_BLOCK;
        table->pairs[look] = (gcb_code_pair){
            .bit_count = (uint8_t)(first.bit_count + second.bit_count),
            .advance = is_single ? (uint8_t)(first.advance + second.advance) : END_OF_BLOCK,
            .second_start = first.bit_count,
            .second_advance = second.advance,
            .code_bit_counts = {first.code_bit_count, second.code_bit_count},
            .number_bit_counts = {first.number_bit_count, second.number_bit_count},
        };
    }
}

/// Between two refills 56 bits can be taken: a pair and the longest code, or two pairs.
#define LARGEST_NUMBER_BITS 12

/// - Returns: false for a table that the loops below are not made for. libjpeg has already checked
///   that its codes fit.
static bool make_table(gcb_code_table *table, const JHUFF_TBL *source, bool is_dc) {
    memset(table->codes, 0, sizeof table->codes);
    uint32_t code = 0;  // aligned to 16 bits
    int place = 0;
    for (int length = 1; length <= 16; ++length) {
        uint32_t step = 1u << (16 - length);
        table->offsets[length] = place - (int32_t)(code >> (16 - length));
        for (int i = 0; i < source->bits[length]; ++i, ++place, code += step) {
            gcb_code entry = code_of(length, source->huffval[place], is_dc);
            if (entry.number_bit_count > LARGEST_NUMBER_BITS) return false;
            if (length > GCB_SHORT_CODE_BITS) continue;
            uint32_t shift = 16 - GCB_SHORT_CODE_BITS;
            for (uint32_t j = 0; j < step >> shift; ++j) table->codes[(code >> shift) + j] = entry;
        }
        table->ends[length] = code;
    }
    if (!is_dc) make_pairs(table);
    return true;
}

/// Photos of one camera have the same tables.
static bool prepare(gcb_code_table *table, const JHUFF_TBL *source, bool is_dc) {
    if (source == NULL) return false;
    bool is_same = table->is_made
        && memcmp(table->source.bits, source->bits, sizeof source->bits) == 0
        && memcmp(table->source.huffval, source->huffval, sizeof source->huffval) == 0;
    if (is_same) return table->is_direct;
    table->source = *source;
    table->is_direct = make_table(table, source, is_dc);
    table->is_made = true;
    return table->is_direct;
}

/// A code of more than `GCB_SHORT_CODE_BITS` bits; one of 0 bits where there is none.
static __attribute__((noinline)) gcb_code long_code(
    const gcb_code_table *table, uint64_t window, bool is_dc) {
    uint32_t bits = (uint32_t)(window >> 48);
    for (int length = GCB_SHORT_CODE_BITS + 1; length <= 16; ++length)
        if (bits < table->ends[length]) {
            int place = (int)(bits >> (16 - length)) + table->offsets[length];
            return code_of(length, table->source.huffval[place & 0xFF], is_dc);
        }
    return (gcb_code){.advance = END_OF_BLOCK};
}

// MARK: - Bits

INLINE uint64_t big_endian(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/// Fills the window to 56 bits or more.
INLINE void refill(gcb_bits *bits) {
    bits->window |= bits->ahead >> bits->count;
    bits->next += (63 - bits->count) >> 3;
    bits->count |= 56;
    bits->ahead = big_endian(bits->next);
}

INLINE gcb_code next_code(const gcb_bits *bits, const gcb_code_table *table, bool is_dc) {
    gcb_code code = table->codes[bits->window >> (64 - GCB_SHORT_CODE_BITS)];
    if (__builtin_expect(code.bit_count == 0, 0)) code = long_code(table, bits->window, is_dc);
    return code;
}

/// The number behind a code: n bits that begin with a 1, or for negative numbers, less 2ⁿ − 1, with
/// a 0. No bits are the number 0.
///
/// - Parameter behind: the bits behind the code.
INLINE int number_of(uint64_t behind, int bit_count) {
    int bits = (int)((behind >> 1) >> (63 - bit_count));
    int is_negative = ~(int)((int64_t)behind >> 63);
    return bits + (is_negative & (1 - (1 << bit_count)));
}

INLINE void take(gcb_bits *bits, int count) {
    bits->window <<= count;
    bits->count -= (uint32_t)count;
}

// MARK: - Blocks

/// Where the numbers of a block go. *Reference:* ITU-T T.81, figure A.6.
static const uint8_t zigzag[64] = {
    0,  1,  8,  16, 9,  2,  3,  10, 17, 24, 32, 25, 18, 11, 4,  5,  12, 19, 26, 33, 40, 48,
    41, 34, 27, 20, 13, 6,  7,  14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23,
    30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

/// Takes two codes, or one, and puts their numbers at their places, unless the block may end with
/// them. Returns whether it did.
INLINE bool step_pair(
    gcb_bits *bits, const gcb_code_table *table, JCOEF *block, int *place) {
    const gcb_code_pair *pair = &table->pairs[bits->window >> (64 - GCB_SHORT_CODE_BITS)];
    int end = *place + pair->advance;
    if (end >= 63) return false;
    if (block != NULL) {
        uint64_t first = bits->window << pair->code_bit_counts[0];
        uint64_t second = bits->window << pair->second_start << pair->code_bit_counts[1];
        // The number of a second code that is none goes to the place of the first one, before it.
        block[zigzag[end]] = (JCOEF)number_of(second, pair->number_bit_counts[1]);
        block[zigzag[end - pair->second_advance]]
            = (JCOEF)number_of(first, pair->number_bit_counts[0]);
    }
    *place = end;
    take(bits, pair->bit_count);
    return true;
}

/// Takes one code and puts its number at its place. Returns whether the block goes on.
INLINE bool step(
    gcb_bits *bits, const gcb_code_table *table, JCOEF *block, int *place, gcb_code *code) {
    *code = next_code(bits, table, false);
    *place += code->advance;
    int number = number_of(bits->window << code->code_bit_count, code->number_bit_count);
    take(bits, code->bit_count);
    if (*place > 63) return false;
    if (block != NULL) block[zigzag[*place]] = (JCOEF)number;
    return *place < 63;
}

/// - Parameter block: zeros, or NULL to pass over the block.
/// - Returns: false for a code that does not exist and for numbers beyond the block.
INLINE bool decode_block(
    gcb_bits *bits, const gcb_code_table *dc, const gcb_code_table *ac, int *last, JCOEF *block) {
    refill(bits);
    gcb_code code = next_code(bits, dc, true);
    if (code.bit_count == 0) return false;
    int change = number_of(bits->window << code.code_bit_count, code.number_bit_count);
    // Unsigned, since damaged data may add up to anything.
    *last = (int)((unsigned)*last + (unsigned)change);
    take(bits, code.bit_count);
    if (block != NULL) block[0] = (JCOEF)*last;
    int place = 0;
    do {
        do refill(bits);
        while (step_pair(bits, ac, block, &place) && step_pair(bits, ac, block, &place));
    } while (step(bits, ac, block, &place, &code));
    return place == 63 || (code.advance == END_OF_BLOCK && code.bit_count > 0);
}

// MARK: - Scans

/// Leaves with the words that libjpeg has for the same damage.
static void report(j_decompress_ptr jpeg, int message) {
    jpeg->err->msg_code = message;
    jpeg->err->emit_message((j_common_ptr)jpeg, -1);
}

INLINE bool decode_blocks(
    j_decompress_ptr jpeg, gcb_huffman *decoder, gcb_bits *bits, JBLOCKROW *blocks) {
    for (int i = 0; i < jpeg->blocks_in_MCU; ++i) {
        int component = jpeg->MCU_membership[i];
        const jpeg_component_info *info = jpeg->cur_comp_info[component];
        JCOEF *block = blocks == NULL ? NULL : blocks[i][0];
        if (!decode_block(
                bits, &decoder->dc[info->dc_tbl_no], &decoder->ac[info->ac_tbl_no],
                &decoder->last_dc[component], block))
            return false;
    }
    return true;
}

/// What libjpeg calls for each MCU, from left to right and from top to bottom.
static boolean decode_mcu(j_decompress_ptr jpeg, JBLOCKROW *blocks) {
    gcb_huffman *decoder = jpeg->client_data;
    JDIMENSION column = decoder->column;
    decoder->column = column + 1 == jpeg->MCUs_per_row ? 0 : column + 1;
    bool is_seen = blocks != NULL && column >= jpeg->master->first_iMCU_col
        && column <= jpeg->master->last_iMCU_col;
    gcb_bits bits = decoder->bits;  // in registers
    bool is_sound = is_seen ? decode_blocks(jpeg, decoder, &bits, blocks)
                            : decode_blocks(jpeg, decoder, &bits, NULL);
    decoder->bits = bits;
    size_t taken = 8 * (size_t)(bits.next - decoder->data) - bits.count;
    if (taken > 8 * decoder->byte_count) report(jpeg, JWRN_HIT_MARKER);
    if (!is_sound) report(jpeg, JWRN_HUFF_BAD_CODE);
    return TRUE;
}

static bool reserve(gcb_huffman *decoder, size_t count) {
    if (count <= decoder->capacity) return true;
    free(decoder->data);
    decoder->capacity = 0;
    decoder->data = malloc(count + count / 4);
    if (decoder->data == NULL) return false;
    decoder->capacity = count + count / 4;
    return true;
}

/// Copies the data of a scan without its stuffed zeros, up to the marker that ends the image.
///
/// - Returns: false where another marker or the end of the file comes first.
static bool unstuff(gcb_huffman *decoder, const uint8_t *from, size_t count) {
    const uint8_t *end = from + count;
    if (!reserve(decoder, count + SLACK)) return false;
    uint8_t *to = decoder->data;
    for (;;) {
        const uint8_t *mark = memchr(from, 0xFF, (size_t)(end - from));
        if (mark == NULL || mark + 1 == end) return false;
        bool is_number = mark[1] == 0;
        size_t run = (size_t)(mark - from) + is_number;
        memcpy(to, from, run);
        to += run;
        from = mark + 2;
        if (is_number) continue;
        if (mark[1] != JPEG_EOI) return false;
        decoder->byte_count = (size_t)(to - decoder->data);
        memset(to, 0, SLACK);
        return true;
    }
}

bool gcb_huffman_take_over(gcb_huffman *decoder, j_decompress_ptr jpeg) {
    if (jpeg->progressive_mode || jpeg->arith_code || jpeg->restart_interval > 0
        || jpeg->inputctl->has_multiple_scans)
        return false;
    for (int i = 0; i < jpeg->comps_in_scan; ++i) {
        int dc = jpeg->cur_comp_info[i]->dc_tbl_no, ac = jpeg->cur_comp_info[i]->ac_tbl_no;
        if (!prepare(&decoder->dc[dc], jpeg->dc_huff_tbl_ptrs[dc], true)
            || !prepare(&decoder->ac[ac], jpeg->ac_huff_tbl_ptrs[ac], false))
            return false;
        decoder->last_dc[i] = 0;
    }
    if (!unstuff(decoder, jpeg->src->next_input_byte, jpeg->src->bytes_in_buffer)) return false;
    decoder->bits = (gcb_bits){.next = decoder->data, .ahead = big_endian(decoder->data)};
    decoder->column = 0;
    jpeg->client_data = decoder;
    jpeg->entropy->decode_mcu = decode_mcu;
    return true;
}
