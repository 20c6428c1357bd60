#include "message-batch.h"

#include <cerrno>

namespace {
constexpr napi_type_tag kMessageBatchTag = {0x7672727064626174, 0x63682d6d6573730a};
// The kernel's own limit (UIO_MAXIOV) on the messages of one sendmmsg(2) or recvmmsg(2) call.
constexpr uint32_t kMaxSlots = 1024;
// struct cmsghdr needs it; slots are multiples of it, so every part of every slot has it.
constexpr uint32_t kAlignment = 8;
}  // namespace

Napi::Function MessageBatch::Define(Napi::Env env) { return DefineClass(env, "MessageBatch", {}); }

MessageBatch& MessageBatch::From(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kMessageBatchTag)) {
    throw Napi::TypeError::New(value.Env(), "expected a MessageBatch");
  }
  return *Unwrap(value.As<Napi::Object>());
}

MessageBatch::MessageBatch(const Napi::CallbackInfo& info) : ObjectWrap(info) {
  Napi::Env env = info.Env();
  if (info.Length() != 6 || !info[0].IsTypedArray() || !info[1].IsTypedArray() ||
      info[0].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array ||
      info[1].As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    throw Napi::TypeError::New(env, "expected (Uint8Array, Int32Array, slots, nameBytes, controlBytes, payloadBytes)");
  }
  auto slab = info[0].As<Napi::Uint8Array>();
  auto lengths = info[1].As<Napi::Int32Array>();
  slots_ = info[2].ToNumber().Uint32Value();
  name_bytes_ = info[3].ToNumber().Uint32Value();
  control_bytes_ = info[4].ToNumber().Uint32Value();
  payload_bytes_ = info[5].ToNumber().Uint32Value();
  const uint64_t stride = uint64_t{name_bytes_} + control_bytes_ + payload_bytes_;
  const bool aligned = (name_bytes_ | control_bytes_ | payload_bytes_) % kAlignment == 0 &&
                       reinterpret_cast<uintptr_t>(slab.Data()) % kAlignment == 0;
  if (slots_ == 0 || slots_ > kMaxSlots || !aligned || slab.ByteLength() < stride * slots_ ||
      lengths.ElementLength() < size_t{slots_} * kFields) {
    throw Napi::RangeError::New(env, "the slab or its lengths do not fit the slots");
  }
  slab_ = slab.Data();
  lengths_ = lengths.Data();
  slab_reference_ = Napi::Persistent(slab);
  lengths_reference_ = Napi::Persistent(lengths);
  headers_.assign(slots_, mmsghdr{});
  vectors_.assign(slots_, iovec{});
  for (uint32_t slot = 0; slot < slots_; slot++) {
    uint8_t* start = slab_ + stride * slot;
    msghdr& header = headers_[slot].msg_hdr;
    header.msg_name = name_bytes_ == 0 ? nullptr : start;
    header.msg_control = control_bytes_ == 0 ? nullptr : start + name_bytes_;
    vectors_[slot].iov_base = start + name_bytes_ + control_bytes_;
    header.msg_iov = &vectors_[slot];
    header.msg_iovlen = 1;
  }
  info.This().As<Napi::Object>().TypeTag(&kMessageBatchTag);
}

void MessageBatch::PrepareSlot(uint32_t slot, uint32_t payload, uint32_t name, uint32_t control) {
  msghdr& header = headers_[slot].msg_hdr;
  header.msg_namelen = name;
  header.msg_controllen = control;
  header.msg_flags = 0;
  vectors_[slot].iov_len = payload;
}

int MessageBatch::Receive(int fd) {
  for (uint32_t slot = 0; slot < slots_; slot++) PrepareSlot(slot, payload_bytes_, name_bytes_, control_bytes_);
  int received;
  do {
    received = recvmmsg(fd, headers_.data(), slots_, MSG_DONTWAIT, nullptr);
  } while (received < 0 && errno == EINTR);
  if (received < 0) return errno == EAGAIN ? 0 : -errno;
  for (int slot = 0; slot < received; slot++) {
    const mmsghdr& message = headers_[slot];
    int32_t* lengths = Lengths(slot);
    lengths[kPayload] = static_cast<int32_t>(message.msg_len);
    lengths[kName] = static_cast<int32_t>(message.msg_hdr.msg_namelen);
    lengths[kControl] = static_cast<int32_t>(message.msg_hdr.msg_controllen);
    lengths[kResult] = message.msg_hdr.msg_flags;
  }
  return received;
}

int MessageBatch::Send(int fd, uint32_t count, int flags) {
  if (count > slots_) throw Napi::RangeError::New(Env(), "more messages than slots");
  for (uint32_t slot = 0; slot < count; slot++) {
    const int32_t* lengths = Lengths(slot);
    const auto payload = static_cast<uint32_t>(lengths[kPayload]);
    const auto name = static_cast<uint32_t>(lengths[kName]);
    const auto control = static_cast<uint32_t>(lengths[kControl]);
    if (payload > payload_bytes_ || name > name_bytes_ || control > control_bytes_) {
      throw Napi::RangeError::New(Env(), "a message is longer than its slot");
    }
    PrepareSlot(slot, payload, name, control);
    Lengths(slot)[kResult] = 0;
  }
  int failures = 0;
  uint32_t next = 0;
  while (next < count) {
    const int sent = sendmmsg(fd, headers_.data() + next, count - next, flags | MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent > 0) {
      next += static_cast<uint32_t>(sent);
      continue;
    }
    if (sent < 0 && errno == EINTR) continue;
    // One message that cannot go does not keep back those behind it.
    Lengths(next)[kResult] = sent < 0 ? errno : EIO;
    failures++;
    next++;
  }
  return failures;
}
