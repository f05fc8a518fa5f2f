// C ABI between the managed stand-in and libtorch. Every function that can fail returns a status or a null, and leaves
// its message in shim_last_error(). A tensor handle is an owning `at::Tensor*`.
#pragma once
#include <ATen/ATen.h>
#include <cstdint>
#include <string>
#include <vector>

#define SHIM_API extern "C" __attribute__((visibility("default")))

namespace shim {
// The message without the C++ backtrace that c10::Error::what() appends.
void set_error(const std::exception& error);
void count_host_read();
// Whether the operator makes the host wait for a device.
bool synchronizes(const std::string& op);

inline at::Tensor* own(at::Tensor tensor) { return tensor.defined() ? new at::Tensor(std::move(tensor)) : nullptr; }

inline std::vector<at::Tensor> tensors(at::Tensor* const* handles, int64_t count) {
  std::vector<at::Tensor> result;
  result.reserve(count);
  for (int64_t i = 0; i < count; i++) result.push_back(handles[i] ? *handles[i] : at::Tensor());
  return result;
}

// Runs `body`; 0 when it returns, 1 when it throws.
template <class Body>
int guarded(Body body) noexcept {
  try {
    body();
    return 0;
  } catch (const std::exception& error) {
    set_error(error);
    return 1;
  }
}
}  // namespace shim
