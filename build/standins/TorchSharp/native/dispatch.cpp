// Calls any operator that libtorch registers, by name, through the dispatcher's boxed convention.
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include "shim.h"

namespace {
enum class Tag : int32_t { None, Default, Tensor, Int, Double, Bool, String, Device, Generator, Complex, IntList, DoubleList, BoolList, TensorList };

// `value` is an integer, the bits of a double, a handle or the address of the `count` elements of a list.
struct Argument {
  Tag tag;
  int32_t extra;
  int64_t value;
  int64_t count;
};

struct Result {
  Tag tag;
  int32_t reserved;
  int64_t value;
};

struct Operator {
  c10::OperatorHandle handle;
  // The schema's types with Optional taken off.
  std::vector<c10::TypePtr> types;
};

double as_double(int64_t bits) {
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

at::Tensor as_tensor(int64_t handle) { return handle ? *reinterpret_cast<at::Tensor*>(handle) : at::Tensor(); }

template <class T>
c10::List<T> as_list(const Argument& argument) {
  c10::List<T> list;
  list.reserve(argument.count);
  auto elements = reinterpret_cast<const T*>(argument.value);
  for (int64_t i = 0; i < argument.count; i++) list.push_back(elements[i]);
  return list;
}

c10::IValue tensor_list(const Argument& argument, const c10::TypePtr& element) {
  auto handles = reinterpret_cast<const int64_t*>(argument.value);
  if (element->kind() == c10::TypeKind::OptionalType) {
    c10::List<c10::optional<at::Tensor>> list;
    for (int64_t i = 0; i < argument.count; i++)
      list.push_back(handles[i] ? c10::optional<at::Tensor>(as_tensor(handles[i])) : c10::nullopt);
    return list;
  }
  c10::List<at::Tensor> list;
  for (int64_t i = 0; i < argument.count; i++) list.push_back(as_tensor(handles[i]));
  return list;
}

// One number where the schema wants a list (`int[2] stride`) becomes a list of one, which kernels broadcast.
c10::IValue number(const c10::TypePtr& type, const Argument& argument) {
  bool real = argument.tag == Tag::Double;
  double d = real ? as_double(argument.value) : static_cast<double>(argument.value);
  int64_t i = real ? static_cast<int64_t>(d) : argument.value;
  switch (type->kind()) {
    case c10::TypeKind::FloatType: return d;
    case c10::TypeKind::BoolType: return i != 0;
    case c10::TypeKind::ListType: {
      if (type->expectRef<c10::ListType>().getElementType()->kind() == c10::TypeKind::FloatType) return c10::List<double>({d});
      return c10::List<int64_t>({i});
    }
    case c10::TypeKind::NumberType:
      if (argument.tag == Tag::Bool) return i != 0;
      return real ? c10::IValue(d) : c10::IValue(i);
    default:
      TORCH_CHECK(!real || d == static_cast<double>(i), "expected an integer, got ", d);
      return i;
  }
}

c10::IValue to_ivalue(const Argument& argument, const c10::Argument& formal, const c10::TypePtr& type) {
  switch (argument.tag) {
    // A schema that does not say Tensor? takes an undefined tensor for none.
    case Tag::None: return formal.type()->kind() == c10::TypeKind::TensorType ? c10::IValue(at::Tensor()) : c10::IValue();
    case Tag::Default:
      TORCH_CHECK(formal.default_value().has_value(), "missing value for argument '", formal.name(), "'");
      return *formal.default_value();
    case Tag::Tensor: return as_tensor(argument.value);
    case Tag::Int:
    case Tag::Double:
    case Tag::Bool: return number(type, argument);
    case Tag::String: return std::string(reinterpret_cast<const char*>(argument.value), argument.count);
    case Tag::Device: return c10::Device(static_cast<c10::DeviceType>(argument.value), static_cast<c10::DeviceIndex>(argument.extra));
    case Tag::Generator: return *reinterpret_cast<at::Generator*>(argument.value);
    case Tag::Complex: {
      auto parts = reinterpret_cast<const double*>(argument.value);
      return c10::complex<double>(parts[0], parts[1]);
    }
    case Tag::IntList: return as_list<int64_t>(argument);
    case Tag::DoubleList: return as_list<double>(argument);
    case Tag::BoolList: {
      c10::List<bool> list;
      for (int64_t i = 0; i < argument.count; i++) list.push_back(reinterpret_cast<const int64_t*>(argument.value)[i] != 0);
      return list;
    }
    case Tag::TensorList: return tensor_list(argument, type->expectRef<c10::ListType>().getElementType());
  }
  TORCH_CHECK(false, "unknown argument tag");
}

thread_local std::vector<Result> results;

void add_tensor(const at::Tensor& tensor) {
  results.push_back({Tag::Tensor, 0, reinterpret_cast<int64_t>(shim::own(tensor))});
}

void add_result(const c10::IValue& value) {
  if (value.isTensor()) return add_tensor(value.toTensor());
  if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorList()) add_tensor(tensor);
  } else if (value.isTuple()) {
    for (const auto& element : value.toTupleRef().elements()) add_result(element);
  } else if (value.isInt()) {
    results.push_back({Tag::Int, 0, value.toInt()});
  } else if (value.isBool()) {
    results.push_back({Tag::Bool, 0, value.toBool()});
  } else if (value.isDouble()) {
    double d = value.toDouble();
    int64_t bits;
    std::memcpy(&bits, &d, sizeof bits);
    results.push_back({Tag::Double, 0, bits});
  } else {
    TORCH_CHECK(value.isNone(), "an operator's result of type ", value.tagKind(), " is not supported");
  }
}
}  // namespace

// The operator with this name and overload, kept for the life of the process; null when there is none.
SHIM_API void* shim_operator(const char* name, const char* overload) {
  Operator* result = nullptr;
  shim::guarded([&] {
    auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    std::vector<c10::TypePtr> types;
    for (const auto& argument : handle.schema().arguments()) {
      c10::TypePtr type = argument.type();
      if (type->kind() == c10::TypeKind::OptionalType) type = type->expectRef<c10::OptionalType>().getElementType();
      types.push_back(std::move(type));
    }
    result = new Operator{handle, std::move(types)};
  });
  return result;
}

// Arguments beyond `count` take the schema's defaults. The number of results, -1 on error; they stay valid until the
// thread's next call, and the tensors among them belong to the caller. With `discard` (in-place operators) none are made.
SHIM_API int64_t shim_call(Operator* op, const Argument* arguments, int64_t count, int discard, const Result** out) {
  int failed = shim::guarded([&] {
    const auto& formals = op->handle.schema().arguments();
    TORCH_CHECK(count <= static_cast<int64_t>(formals.size()), op->handle.operator_name(), " takes ", formals.size(),
                " arguments, got ", count);
    torch::jit::Stack stack;
    stack.reserve(formals.size());
    for (size_t i = 0; i < formals.size(); i++) {
      Argument missing{Tag::Default, 0, 0, 0};
      stack.push_back(to_ivalue(static_cast<int64_t>(i) < count ? arguments[i] : missing, formals[i], op->types[i]));
    }
    op->handle.callBoxed(stack);
    results.clear();
    if (!discard)
      for (const auto& value : stack) add_result(value);
  });
  if (failed) return -1;
  *out = results.data();
  return static_cast<int64_t>(results.size());
}
