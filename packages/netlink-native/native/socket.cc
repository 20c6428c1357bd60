#include "socket.h"

#include <linux/filter.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <vector>

#include "listener-call.h"

namespace {
// Batches read before other work of the event loop gets its turn; what is left wakes us again.
constexpr int kBatchesPerWakeUp = 4;

Napi::Value Answer(Napi::Env env, int status) { return Napi::Number::New(env, status < 0 ? -errno : status); }

Napi::Uint8Array Bytes(const Napi::Value& value) {
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw Napi::TypeError::New(value.Env(), "expected a Uint8Array");
  }
  return value.As<Napi::Uint8Array>();
}

int Integer(const Napi::Value& value) {
  if (!value.IsNumber()) throw Napi::TypeError::New(value.Env(), "expected an integer");
  return value.As<Napi::Number>().Int32Value();
}
}  // namespace

Napi::Function Socket::Define(Napi::Env env) {
  return DefineClass(env, "Socket",
                     {
                         InstanceMethod<&Socket::Open>("open"),
                         InstanceMethod<&Socket::SetOption>("setOption"),
                         InstanceMethod<&Socket::AttachFilter>("attachFilter"),
                         InstanceMethod<&Socket::Bind>("bind"),
                         InstanceMethod<&Socket::Send>("send"),
                         InstanceMethod<&Socket::Receive>("receive"),
                         InstanceMethod<&Socket::Start>("start"),
                         InstanceMethod<&Socket::Stop>("stop"),
                         InstanceMethod<&Socket::Close>("close"),
                         InstanceMethod<&Socket::RefWatch>("ref"),
                         InstanceMethod<&Socket::UnrefWatch>("unref"),
                     });
}

Socket::Socket(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

// A watched socket holds a reference to itself, so only an unwatched one, or a whole environment, ends here unclosed.
Socket::~Socket() {
  if (watch_ != nullptr) watch_->Close();
  CloseDescriptor();
}

Napi::Value Socket::Open(const Napi::CallbackInfo& info) {
  if (fd_ >= 0) return Napi::Number::New(info.Env(), -EISCONN);
  const int domain = Integer(info[0]);
  const int type = Integer(info[1]);
  const int protocol = Integer(info[2]);
  fd_ = socket(domain, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  return Answer(info.Env(), fd_ < 0 ? -1 : 0);
}

Napi::Value Socket::SetOption(const Napi::CallbackInfo& info) {
  const int level = Integer(info[0]);
  const int name = Integer(info[1]);
  const auto value = Bytes(info[2]);
  return Answer(info.Env(), setsockopt(fd_, level, name, value.Data(), static_cast<socklen_t>(value.ByteLength())));
}

Napi::Value Socket::AttachFilter(const Napi::CallbackInfo& info) {
  const auto bytes = Bytes(info[0]);
  const size_t count = bytes.ByteLength() / sizeof(sock_filter);
  if (count == 0 || count > BPF_MAXINSNS || bytes.ByteLength() % sizeof(sock_filter) != 0) {
    throw Napi::RangeError::New(info.Env(), "expected whole struct sock_filter records");
  }
  std::vector<sock_filter> records(count);
  std::memcpy(records.data(), bytes.Data(), bytes.ByteLength());
  const sock_fprog program = {static_cast<unsigned short>(count), records.data()};
  return Answer(info.Env(), setsockopt(fd_, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program));
}

Napi::Value Socket::Bind(const Napi::CallbackInfo& info) {
  const auto address = Bytes(info[0]);
  sockaddr_storage storage{};
  if (address.ByteLength() > sizeof storage) throw Napi::RangeError::New(info.Env(), "the address is too long");
  std::memcpy(&storage, address.Data(), address.ByteLength());
  const auto length = static_cast<socklen_t>(address.ByteLength());
  return Answer(info.Env(), bind(fd_, reinterpret_cast<const sockaddr*>(&storage), length));
}

Napi::Value Socket::Send(const Napi::CallbackInfo& info) {
  MessageBatch& batch = MessageBatch::From(info[0]);
  const int count = Integer(info[1]);
  const int flags = Integer(info[2]);
  return Napi::Number::New(info.Env(), batch.Send(fd_, static_cast<uint32_t>(count), flags));
}

Napi::Value Socket::Receive(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), MessageBatch::From(info[0]).Receive(fd_));
}

Napi::Value Socket::Start(const Napi::CallbackInfo& info) {
  MessageBatch& batch = MessageBatch::From(info[0]);
  if (!info[1].IsFunction()) throw Napi::TypeError::New(info.Env(), "expected a listener");
  if (watch_ != nullptr) return Napi::Number::New(info.Env(), -EALREADY);
  const int status = PollWatch::Open(info.Env(), fd_, this, &watch_);
  if (status == 0) {
    batch_ = &batch;
    batch_reference_ = Napi::Persistent(info[0].As<Napi::Object>());
    listener_ = Napi::Persistent(info[1].As<Napi::Function>());
    Ref();
  }
  return Napi::Number::New(info.Env(), status);
}

void Socket::Stop(const Napi::CallbackInfo&) { StopWatching(); }

void Socket::Close(const Napi::CallbackInfo&) {
  StopWatching();
  CloseDescriptor();
}

void Socket::RefWatch(const Napi::CallbackInfo&) {
  if (watch_ != nullptr) watch_->Ref();
}

void Socket::UnrefWatch(const Napi::CallbackInfo&) {
  if (watch_ != nullptr) watch_->Unref();
}

void Socket::OnReadable() {
  Napi::Env env = Env();
  Napi::HandleScope scope(env);
  // The listener may close the socket; this handle keeps it from being collected until the function returns.
  Napi::Object self = Value();
  for (int round = 0; round < kBatchesPerWakeUp && watch_ != nullptr; round++) {
    const int received = batch_->Receive(fd_);
    if (received == 0) return;
    const bool full = received == static_cast<int>(batch_->slots());
    if (!CallListener(env, self, listener_.Value(), received)) return;
    if (!full) return;
  }
}

void Socket::OnWatchLost() { watch_ = nullptr; }

void Socket::StopWatching() {
  if (watch_ == nullptr) return;
  watch_->Close();
  watch_ = nullptr;
  listener_.Reset();
  batch_reference_.Reset();
  batch_ = nullptr;
  Unref();
}

void Socket::CloseDescriptor() {
  if (fd_ < 0) return;
  close(fd_);
  fd_ = -1;
}
