#include "gcb_loss.h"

#include <math.h>
#include <stdbool.h>

void gcb_softmax_cross_entropy(
    const float *scores, const int64_t *labels, int64_t rows, int64_t classes,
    double smoothing, float *loss, float *gradient) {
    double total = 0, share = smoothing / (double)classes;
    for (int64_t row = 0; row < rows; ++row) {
        const float *z = scores + row * classes;
        float *dz = gradient + row * classes;
        double largest = -INFINITY, sum = 0, product = 0;
        for (int64_t c = 0; c < classes; ++c)
            if (z[c] > largest || z[c] != z[c]) largest = z[c];
        for (int64_t c = 0; c < classes; ++c) sum += exp((double)z[c] - largest);
        double normalizer = largest + log(sum);
        bool is_known = labels[row] >= 0 && labels[row] < classes;
        for (int64_t c = 0; c < classes; ++c) {
            double target = share + (c == labels[row] ? 1 - smoothing : 0);
            double log_probability = (double)z[c] - normalizer;
            if (target != 0) product += target * log_probability;
            dz[c] = (float)((exp(log_probability) - target) / (double)rows);
        }
        total += is_known ? -product : (double)NAN;
    }
    *loss = (float)(total / (double)rows);
}

void gcb_top_k(
    const float *scores, const int64_t *labels, int64_t rows, int64_t classes, int64_t k,
    float *count) {
    int64_t hits = 0;
    for (int64_t row = 0; row < rows; ++row) {
        const float *z = scores + row * classes;
        int64_t label = labels[row], before = 0;
        if (label < 0 || label >= classes || z[label] != z[label]) continue;
        for (int64_t c = 0; c < classes; ++c)
            before += z[c] > z[label] || (z[c] == z[label] && c < label);
        hits += before < k;
    }
    *count = (float)hits;
}

void gcb_sigmoid_cross_entropy(
    const float *logits, const int64_t *labels, int64_t rows, double smoothing, float *loss,
    float *gradient) {
    double total = 0;
    for (int64_t row = 0; row < rows; ++row) {
        double z = (double)logits[row], small = exp(-fabs(z));
        double target = (1 - smoothing) * (double)labels[row] + smoothing / 2;
        bool is_known = labels[row] == 0 || labels[row] == 1;
        double probability = (z >= 0 ? 1 : small) / (1 + small);
        total += is_known ? (z > 0 ? z : 0) - z * target + log1p(small) : (double)NAN;
        gradient[row] = (float)((probability - target) / (double)rows);
    }
    *loss = (float)(total / (double)rows);
}

void gcb_sign_correct(const float *logits, const int64_t *labels, int64_t rows, float *count) {
    int64_t hits = 0;
    for (int64_t row = 0; row < rows; ++row)
        hits += (logits[row] > 0 && labels[row] == 1) || (logits[row] <= 0 && labels[row] == 0);
    *count = (float)hits;
}
