// libtorch 1.13 has no kernels of shape and type alone (device "meta") for many operators. Those that lack one run here on
// zeros in host memory, and their results' data are forgotten. Operators that read values still refuse.
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>
#include "shim.h"

namespace {
using Twins = std::vector<std::pair<at::Tensor, at::Tensor>>;

at::Tensor to_host(const at::Tensor& meta, Twins& twins) {
  if (!meta.defined() || !meta.is_meta()) return meta;
  for (const auto& twin : twins)
    if (twin.first.is_same(meta)) return twin.second;
  auto host = at::empty_strided(meta.sizes(), meta.strides(), meta.options().device(at::kCPU)).zero_();
  twins.emplace_back(meta, host);
  return host;
}

at::Tensor to_meta(const at::Tensor& host, const Twins& twins) {
  if (!host.defined()) return host;
  for (const auto& twin : twins)
    if (twin.second.is_same(host)) {
      // An operator that was given an empty tensor for its result has resized it.
      if (twin.first.sizes() != host.sizes()) twin.first.unsafeGetTensorImpl()->set_sizes_and_strides(host.sizes(), host.strides());
      return twin.first;
    }
  return at::empty_strided(host.sizes(), host.strides(), host.options().device(at::kMeta));
}

// `convert` applied to the tensors in a value.
template <class Convert>
c10::IValue map(const c10::IValue& value, Convert convert) {
  if (value.isTensor()) return convert(value.toTensor());
  if (value.isTensorList()) {
    c10::List<at::Tensor> list;
    for (const at::Tensor& tensor : value.toTensorList()) list.push_back(convert(tensor));
    return list;
  }
  if (value.isOptionalTensorList()) {
    c10::List<c10::optional<at::Tensor>> list;
    for (const c10::optional<at::Tensor>& tensor : value.toOptionalTensorList())
      list.push_back(tensor ? c10::optional<at::Tensor>(convert(*tensor)) : c10::nullopt);
    return list;
  }
  if (value.isDevice() && value.toDevice().type() == at::kMeta) return c10::Device(at::kCPU);
  return value;
}

void run_on_zeros(const c10::OperatorHandle& op, const torch::jit::Stack& arguments, torch::jit::Stack* stack) {
  TORCH_CHECK(!shim::synchronizes(op.schema().name()), op.schema().name(), " reads values, and a tensor on the meta device has none");
  Twins twins;
  for (const auto& argument : arguments) stack->push_back(map(argument, [&](const at::Tensor& t) { return to_host(t, twins); }));
  op.callBoxed(stack);
  for (auto& result : *stack) result = map(result, [&](const at::Tensor& t) { return to_meta(t, twins); });
}

void fallback(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  run_on_zeros(op, torch::jit::pop(*stack, op.schema().arguments().size()), stack);
}

c10::OperatorHandle find(const char* name) { return c10::Dispatcher::singleton().findSchemaOrThrow(name, ""); }

// Convolutions do have kernels for unknown devices, which only throw.
void convolution(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  run_on_zeros(find("aten::convolution"), torch::jit::pop(*stack, op.schema().arguments().size()), stack);
}

void convolution_backward(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  auto arguments = torch::jit::pop(*stack, op.schema().arguments().size());
  int64_t channels = arguments[0].toTensor().size(1);
  arguments.insert(arguments.begin() + 3, c10::List<int64_t>({channels}));
  run_on_zeros(find("aten::convolution_backward"), arguments, stack);
}
}  // namespace

TORCH_LIBRARY_IMPL(_, Meta, library) { library.fallback(torch::CppFunction::makeFromBoxedFunction<&fallback>()); }

TORCH_LIBRARY_IMPL(aten, Meta, library) {
  library.impl("convolution_overrideable", torch::CppFunction::makeFromBoxedFunction<&convolution>());
  library.impl("convolution_backward_overrideable", torch::CppFunction::makeFromBoxedFunction<&convolution_backward>());
}
