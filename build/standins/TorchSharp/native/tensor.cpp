// What a tensor is asked for that no operator answers, and the state of the library: devices, random numbers, host reads.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/record_function.h>
#include <atomic>
#include <unordered_set>
#include "shim.h"

namespace {
thread_local std::string last_error;
std::atomic<int64_t> host_reads{0};
std::atomic<bool> counting{false};

// Operators that make the host wait for a device: they answer with a host value, or with a shape that depends on data.
const std::unordered_set<std::string> synchronizing = {
    "aten::_local_scalar_dense", "aten::equal",    "aten::nonzero",     "aten::masked_select",     "aten::_unique2", "aten::unique_dim",
    "aten::unique_consecutive",  "aten::bincount", "aten::multinomial", "aten::repeat_interleave"};

bool copies_to_host(const at::RecordFunction& call) {
  std::string name = call.name();
  auto inputs = call.inputs();
  if (name == "aten::_to_copy" && inputs.size() > 3)
    return inputs[0].toTensor().device().type() != at::kCPU && inputs[3].isDevice() && inputs[3].toDevice().is_cpu();
  if (name == "aten::copy_" && inputs.size() > 1)
    return inputs[0].toTensor().is_cpu() && !inputs[1].toTensor().is_cpu();
  return false;
}
}  // namespace

namespace shim {
void set_error(const std::exception& error) {
  auto c10_error = dynamic_cast<const c10::Error*>(&error);
  last_error = c10_error ? c10_error->what_without_backtrace() : error.what();
}

void count_host_read() {
  if (counting) host_reads++;
}

bool synchronizes(const std::string& op) { return synchronizing.count(op) != 0; }
}  // namespace shim

using at::Tensor;

SHIM_API const char* shim_last_error() { return last_error.c_str(); }

SHIM_API void shim_dispose(Tensor* tensor) { delete tensor; }
SHIM_API Tensor* shim_share(Tensor* tensor) { return new Tensor(*tensor); }
SHIM_API int shim_same(Tensor* left, Tensor* right) { return left->is_same(*right); }
SHIM_API int64_t shim_dim(Tensor* tensor) { return tensor->dim(); }
SHIM_API int64_t shim_numel(Tensor* tensor) { return tensor->numel(); }
SHIM_API int64_t shim_element_size(Tensor* tensor) { return tensor->element_size(); }
SHIM_API int32_t shim_dtype(Tensor* tensor) { return static_cast<int32_t>(tensor->scalar_type()); }
SHIM_API int32_t shim_device_type(Tensor* tensor) { return static_cast<int32_t>(tensor->device().type()); }
SHIM_API int32_t shim_device_index(Tensor* tensor) { return tensor->device().index(); }
SHIM_API int32_t shim_is_sparse(Tensor* tensor) { return tensor->is_sparse(); }
SHIM_API int32_t shim_is_contiguous(Tensor* tensor) { return tensor->is_contiguous(); }
SHIM_API int64_t shim_storage_offset(Tensor* tensor) { return tensor->storage_offset(); }
SHIM_API int64_t shim_version(Tensor* tensor) { return tensor->_version(); }

SHIM_API void shim_sizes(Tensor* tensor, int64_t* sizes) { std::copy(tensor->sizes().begin(), tensor->sizes().end(), sizes); }

SHIM_API int shim_strides(Tensor* tensor, int64_t* strides) {
  return shim::guarded([&] { std::copy(tensor->strides().begin(), tensor->strides().end(), strides); });
}

// The address of the first element; null, with a message, for a tensor without storage (meta, sparse).
SHIM_API void* shim_data(Tensor* tensor) {
  void* data = nullptr;
  shim::guarded([&] {
    TORCH_CHECK(tensor->device().type() != at::kMeta, "Cannot access the data of a tensor on the meta device");
    shim::count_host_read();
    data = tensor->data_ptr();
  });
  return data;
}

// A leaf of its own storage, filled from host memory of type `source`, converted to `target`.
SHIM_API Tensor* shim_from_host(const void* data, const int64_t* sizes, int64_t dims, int32_t source, int32_t target, int32_t device_type,
                                int32_t device_index, int requires_grad) {
  Tensor* result = nullptr;
  shim::guarded([&] {
    auto host = at::from_blob(const_cast<void*>(data), at::IntArrayRef(sizes, dims), at::TensorOptions(static_cast<at::ScalarType>(source)));
    c10::Device device(static_cast<c10::DeviceType>(device_type), static_cast<c10::DeviceIndex>(device_index));
    auto copy = host.to(device, static_cast<at::ScalarType>(target), /*non_blocking=*/false, /*copy=*/true);
    result = shim::own(requires_grad ? copy.set_requires_grad(true) : copy);
  });
  return result;
}

SHIM_API int shim_cuda_is_available() { return at::hasCUDA(); }
SHIM_API int shim_get_num_threads() { return at::get_num_threads(); }
SHIM_API void shim_set_num_threads(int count) { at::set_num_threads(count); }
SHIM_API int shim_get_num_interop_threads() { return at::get_num_interop_threads(); }
SHIM_API int shim_set_num_interop_threads(int count) {
  return shim::guarded([&] { at::set_num_interop_threads(count); });
}

SHIM_API int32_t shim_result_type(Tensor* left, Tensor* right) { return static_cast<int32_t>(at::result_type(*left, *right)); }
SHIM_API int32_t shim_promote_types(int32_t left, int32_t right) {
  return static_cast<int32_t>(at::promote_types(static_cast<at::ScalarType>(left), static_cast<at::ScalarType>(right)));
}

// Random numbers. The default generator is libtorch's own; others are made here. Handles are `at::Generator*`.
SHIM_API at::Generator* shim_generator_default() { return new at::Generator(at::detail::getDefaultCPUGenerator()); }
SHIM_API at::Generator* shim_generator(uint64_t seed) { return new at::Generator(at::detail::createCPUGenerator(seed)); }
SHIM_API void shim_generator_dispose(at::Generator* generator) { delete generator; }
SHIM_API void shim_manual_seed(uint64_t seed) { at::manual_seed(seed); }

SHIM_API void shim_generator_set_seed(at::Generator* generator, uint64_t seed) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  generator->set_current_seed(seed);
}

SHIM_API uint64_t shim_generator_seed(at::Generator* generator) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  return generator->seed();
}

SHIM_API uint64_t shim_generator_current_seed(at::Generator* generator) {
  std::lock_guard<std::mutex> lock(generator->mutex());
  return generator->current_seed();
}

SHIM_API Tensor* shim_generator_get_state(at::Generator* generator) {
  Tensor* state = nullptr;
  shim::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    state = shim::own(generator->get_state());
  });
  return state;
}

SHIM_API int shim_generator_set_state(at::Generator* generator, Tensor* state) {
  return shim::guarded([&] {
    std::lock_guard<std::mutex> lock(generator->mutex());
    generator->set_state(*state);
  });
}

// Counts, on every thread, the calls after which the host holds a value of a tensor: the operators above, copies from a
// device and accesses to a tensor's memory. It costs every operator a callback, so it is off unless a test asks.
SHIM_API uint64_t shim_host_reads_start() {
  host_reads = 0;
  counting = true;
  return at::addGlobalCallback(at::RecordFunctionCallback([](const at::RecordFunction& call) -> std::unique_ptr<at::ObserverContext> {
                                 if (shim::synchronizes(call.name()) || copies_to_host(call)) host_reads++;
                                 return nullptr;
                               })
                                   .needsInputs(true)
                                   .scopes({at::RecordScope::FUNCTION}));
}

SHIM_API int64_t shim_host_reads() { return host_reads; }

SHIM_API void shim_host_reads_stop(uint64_t handle) {
  counting = false;
  at::removeCallback(handle);
}
