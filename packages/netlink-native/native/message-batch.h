// A batch of messages for sendmmsg(2) and recvmmsg(2) over memory that JavaScript owns: a slab of equal slots, each
// [name | control | payload], and four integers per slot [payload length, name length, control length, flags or errno].
// Knows nothing of what the bytes mean.
#pragma once

#include <napi.h>
#include <sys/socket.h>

#include <cstdint>
#include <vector>

class MessageBatch : public Napi::ObjectWrap<MessageBatch> {
 public:
  static Napi::Function Define(Napi::Env env);
  // The batch behind a JavaScript object; throws TypeError when it is none.
  static MessageBatch& From(const Napi::Value& value);

  // new MessageBatch(slab: Uint8Array, lengths: Int32Array, slots, nameBytes, controlBytes, payloadBytes)
  explicit MessageBatch(const Napi::CallbackInfo& info);

  // The number of messages read, 0 when none waits, or a negative errno.
  int Receive(int fd);
  // Sends the first `count` slots; each slot's fourth integer becomes 0 or a positive errno. Returns the failures.
  // Throws RangeError when a length lies outside its slot.
  int Send(int fd, uint32_t count, int flags);

  uint32_t slots() const { return slots_; }

 private:
  enum Field { kPayload, kName, kControl, kResult, kFields };
  int32_t* Lengths(uint32_t slot) { return lengths_ + slot * kFields; }
  void PrepareSlot(uint32_t slot, uint32_t payload, uint32_t name, uint32_t control);

  Napi::Reference<Napi::Uint8Array> slab_reference_;
  Napi::Reference<Napi::Int32Array> lengths_reference_;
  uint8_t* slab_ = nullptr;
  int32_t* lengths_ = nullptr;
  uint32_t slots_ = 0;
  uint32_t name_bytes_ = 0;
  uint32_t control_bytes_ = 0;
  uint32_t payload_bytes_ = 0;
  std::vector<mmsghdr> headers_;
  std::vector<iovec> vectors_;
};
