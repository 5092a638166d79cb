#!/usr/bin/env bash
# Makes gc-bench-gpu.tar.xz: all that a bare machine with an NVIDIA driver and the CUDA libraries of
# a PyTorch installation needs to run every GPU check and measurement with one command.
#
#     Tests/GPUCheck/bundle.sh [FOLDER]     then, on that machine:  tar xf … && gc-bench-gpu/run.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${1:-.build}/gc-bench-gpu
build=".build/gpu-bundle"
# Our libraries are found beside the programs, by those that they need as well, and by nobody else:
# DT_RPATH, which is inherited, in the place of an environment variable.
flags=(-c release --static-swift-stdlib --scratch-path "$build"
    -Xlinker --disable-new-dtags -Xlinker -rpath='$ORIGIN/../lib')
for product in gc-bench gc-bench-worker gpu-check; do
    swift build "${flags[@]}" --product $product
done
binaries=$(swift build "${flags[@]}" --show-bin-path)
rm -rf "$target"
mkdir -p "$target"/{bin,lib,specs,peers}
cp "$binaries"/{gc-bench,gc-bench-worker,gpu-check} "$target/bin/"
strip "$target"/bin/*
# The libraries that such a machine may lack; that of the C run time it has.
ldd "$target"/bin/* | awk '/=> \//{print $3}' | sort -u |
    grep -Ev '/(libc|libm|libdl|librt|libpthread|libresolv|libutil|ld-linux[^/]*)\.so' |
    xargs -I{} cp -L {} "$target/lib/"
strip --strip-unneeded "$target"/lib/*
cp Experiments/*.spec "$target/specs/"
cp Tests/Peers/pytorch_gpu.py Tests/Peers/pytorch_steps.py "$target/peers/"
cp Tests/GPUCheck/run.sh "$target/"
# The programs have much in common: a window that reaches back over all of them.
tar -C "$(dirname "$target")" -cf - gc-bench-gpu |
    xz -T1 --lzma2=preset=6,dict=256MiB > "$target.tar.xz"
size=$(stat -c %s "$target.tar.xz")
echo "$target.tar.xz: $size bytes"
[ "$size" -le 40000000 ] || { echo "more than 40 MB" >&2; exit 1; }
