// Automatic differentiation: gradients, modes, and functions whose backward is managed code.
#include <ATen/core/grad_mode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/saved_variable.h>
#include "shim.h"

using at::Tensor;
using torch::autograd::SavedVariable;
using torch::autograd::variable_list;

SHIM_API int shim_requires_grad(Tensor* tensor) { return tensor->requires_grad(); }
SHIM_API int shim_set_requires_grad(Tensor* tensor, int value) {
  return shim::guarded([&] { tensor->set_requires_grad(value != 0); });
}
SHIM_API int shim_is_leaf(Tensor* tensor) { return tensor->is_leaf(); }
SHIM_API int shim_retain_grad(Tensor* tensor) {
  return shim::guarded([&] { tensor->retain_grad(); });
}
SHIM_API Tensor* shim_grad(Tensor* tensor) { return shim::own(tensor->grad()); }
SHIM_API int shim_set_grad(Tensor* tensor, Tensor* grad) {
  return shim::guarded([&] { tensor->mutable_grad() = grad ? *grad : Tensor(); });
}

// The tensor's data under a fresh autograd identity: shares storage, no history.
SHIM_API Tensor* shim_variable_data(Tensor* tensor) { return shim::own(tensor->variable_data()); }
SHIM_API int shim_set_data(Tensor* tensor, Tensor* data) {
  return shim::guarded([&] { tensor->set_data(*data); });
}

SHIM_API int shim_backward(Tensor** tensors, int64_t count, Tensor** grads, int64_t grad_count, int retain_graph, int create_graph,
                           Tensor** inputs, int64_t input_count) {
  return shim::guarded([&] {
    torch::autograd::backward(shim::tensors(tensors, count), shim::tensors(grads, grad_count), retain_graph != 0, create_graph != 0,
                              shim::tensors(inputs, input_count));
  });
}

// Writes one handle an input to `results`; null where an input was not used.
SHIM_API int shim_gradients(Tensor** outputs, int64_t count, Tensor** inputs, int64_t input_count, Tensor** grads, int64_t grad_count,
                            int retain_graph, int create_graph, int allow_unused, Tensor** results) {
  return shim::guarded([&] {
    auto found = torch::autograd::grad(shim::tensors(outputs, count), shim::tensors(inputs, input_count), shim::tensors(grads, grad_count),
                                       retain_graph != 0, create_graph != 0, allow_unused != 0);
    for (size_t i = 0; i < found.size(); i++) results[i] = shim::own(found[i]);
  });
}

SHIM_API int shim_grad_enabled() { return at::GradMode::is_enabled(); }
SHIM_API void shim_set_grad_enabled(int enabled) { at::GradMode::set_enabled(enabled != 0); }
SHIM_API int shim_inference_enabled() { return c10::InferenceMode::is_enabled(); }
SHIM_API c10::InferenceMode* shim_inference_enter(int enabled) { return new c10::InferenceMode(enabled != 0); }
SHIM_API void shim_inference_leave(c10::InferenceMode* mode) { delete mode; }
SHIM_API int shim_anomaly_enabled() { return torch::autograd::AnomalyMode::is_enabled(); }
SHIM_API int shim_anomaly_checks_nan() { return torch::autograd::AnomalyMode::should_check_nan(); }
SHIM_API void shim_set_anomaly(int enabled, int check_nan) { torch::autograd::AnomalyMode::set_enabled(enabled != 0, check_nan != 0); }

namespace {
// Takes `count` owned gradients (null: undefined), leaves one owned gradient an input in `results`; a message on failure.
struct ManagedNode;
using Backward = const char* (*)(int64_t id, ManagedNode* node, Tensor** gradients, int64_t count, Tensor** results, int64_t result_count);
using Release = void (*)(int64_t id);
Backward managed_backward = nullptr;
Release managed_release = nullptr;

struct ManagedNode : torch::autograd::Node {
  explicit ManagedNode(int64_t id, std::string name) : id(id), function(std::move(name)) {}
  ~ManagedNode() override { managed_release(id); }

  std::string name() const override { return function; }

  variable_list apply(variable_list&& gradients) override {
    std::vector<Tensor*> owned;
    for (size_t i = 0; i < gradients.size(); i++)
      owned.push_back(shim::own(gradients[i].defined() || !materialize ? gradients[i] : input_metadata(i).zeros_like()));
    std::vector<Tensor*> results(num_outputs());
    auto message = managed_backward(id, this, owned.data(), owned.size(), results.data(), results.size());
    variable_list found;
    for (auto result : results) {
      found.push_back(result ? *result : Tensor());
      delete result;
    }
    if (message) throw std::runtime_error(message);
    return found;
  }

  void release_variables() override {
    for (auto& variable : saved) variable.reset_data();
  }

  int64_t id;
  std::string function;
  bool materialize = true;
  std::vector<SavedVariable> saved;
};

using NodeHandle = std::shared_ptr<ManagedNode>;
}  // namespace

SHIM_API void shim_function_callbacks(Backward backward, Release release) {
  managed_backward = backward;
  managed_release = release;
}

// A node whose next edges are those of `inputs`. Null when no input wants a gradient or gradients are off.
SHIM_API NodeHandle* shim_function_node(int64_t id, const char* name, Tensor** inputs, int64_t count) {
  NodeHandle* node = nullptr;
  shim::guarded([&] {
    auto variables = shim::tensors(inputs, count);
    if (!at::GradMode::is_enabled() || !torch::autograd::any_variable_requires_grad(variables)) return;
    node = new NodeHandle(new ManagedNode(id, name), torch::autograd::deleteNode);
    (*node)->set_next_edges(torch::autograd::collect_next_edges(variables));
    (*node)->clear_input_metadata();
  });
  return node;
}

SHIM_API void shim_function_node_release(NodeHandle* node) { delete node; }

// Whether the backward gets zeros, rather than undefined gradients, for outputs that did not contribute.
SHIM_API void shim_function_materialize(NodeHandle* node, int value) { (*node)->materialize = value != 0; }

// The outputs of a function's forward as autograd must see them: same rules, and messages, as libtorch's own functions.
SHIM_API int shim_function_wrap(NodeHandle* node, Tensor** inputs, int64_t count, Tensor** non_differentiable, int64_t non_count,
                                Tensor** dirty, int64_t dirty_count, Tensor** outputs, int64_t output_count, Tensor** results) {
  return shim::guarded([&] {
    std::unordered_set<at::TensorImpl*> fixed, changed;
    for (int64_t i = 0; i < non_count; i++) fixed.insert(non_differentiable[i]->unsafeGetTensorImpl());
    for (int64_t i = 0; i < dirty_count; i++) {
      dirty[i]->unsafeGetTensorImpl()->bump_version();
      changed.insert(dirty[i]->unsafeGetTensorImpl());
    }
    std::vector<c10::optional<Tensor>> produced;
    for (auto& output : shim::tensors(outputs, output_count)) produced.emplace_back(output);
    torch::autograd::_jvp_fn_t no_jvp = [](variable_list, variable_list) -> variable_list {
      TORCH_CHECK(false, "forward-mode differentiation of a managed function is not supported");
    };
    std::shared_ptr<torch::autograd::Node> graph = node ? *node : nullptr;
    auto wrapped = torch::autograd::_wrap_outputs(shim::tensors(inputs, count), fixed, changed, produced, graph, no_jvp);
    for (size_t i = 0; i < wrapped.size(); i++) results[i] = wrapped[i] ? shim::own(*wrapped[i]) : nullptr;
  });
}

// Saved through SavedVariable: an output does not keep its own node alive, and a later in-place change is detected.
SHIM_API int shim_function_save(NodeHandle* node, Tensor** tensors, int64_t count) {
  return shim::guarded([&] {
    for (auto& tensor : shim::tensors(tensors, count))
      (*node)->saved.emplace_back(tensor, tensor.defined() && tensor.grad_fn() == *node);
  });
}

// What a node saved, during its backward.
SHIM_API int shim_function_saved(ManagedNode* node, int64_t count, Tensor** results) {
  return shim::guarded([&] {
    for (int64_t i = 0; i < count; i++) results[i] = shim::own(node->saved.at(i).unpack(node->shared_from_this()));
  });
}
