#include "gcb_cuda_sources.h"

// Each text is its file: what tests compile for the processor and what NVRTC compiles for a GPU
// cannot differ.

#pragma clang diagnostic ignored "-Wc23-extensions"

static const char arguments_text[] = {
#embed "include/gcb_cuda_arguments.h"
    , 0};
static const char portable_text[] = {
#embed "device/portable.cuh"
    , 0};
static const char dropout_text[] = {
#embed "device/dropout.cuh"
    , 0};
static const char movement_text[] = {
#embed "device/movement.cuh"
    , 0};
static const char statistics_text[] = {
#embed "device/statistics.cuh"
    , 0};
static const char standardization_text[] = {
#embed "device/standardization.cuh"
    , 0};
static const char covariance_text[] = {
#embed "device/covariance.cuh"
    , 0};
static const char masks_text[] = {
#embed "device/masks.cuh"
    , 0};
static const char losses_text[] = {
#embed "device/losses.cuh"
    , 0};
static const char updates_text[] = {
#embed "device/updates.cuh"
    , 0};
static const char elementwise_text[] = {
#embed "device/elementwise.cuh"
    , 0};
static const char channels_text[] = {
#embed "device/channels.cuh"
    , 0};
static const char normalization_text[] = {
#embed "device/normalization.cuh"
    , 0};
static const char pooling_text[] = {
#embed "device/pooling.cuh"
    , 0};
static const char convolution_text[] = {
#embed "device/convolution.cuh"
    , 0};

const gcb_cuda_sources gcb_cuda_source_texts = {
    .arguments = arguments_text,
    .portable = portable_text,
    .dropout = dropout_text,
    .movement = movement_text,
    .statistics = statistics_text,
    .standardization = standardization_text,
    .covariance = covariance_text,
    .masks = masks_text,
    .losses = losses_text,
    .updates = updates_text,
    .elementwise = elementwise_text,
    .channels = channels_text,
    .normalization = normalization_text,
    .pooling = pooling_text,
    .convolution = convolution_text,
};
