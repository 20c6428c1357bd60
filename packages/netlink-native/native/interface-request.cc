#include "interface-request.h"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

Napi::Value InterfaceRequest(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsNumber()) throw Napi::TypeError::New(env, "expected a request");
  if (!info[1].IsTypedArray() || !(info[2].IsUndefined() || info[2].IsTypedArray())) {
    throw Napi::TypeError::New(env, "expected bytes");
  }
  const auto request = static_cast<unsigned long>(info[0].As<Napi::Number>().Int64Value());
  auto bytes = info[1].As<Napi::Uint8Array>();
  if (bytes.ByteLength() != sizeof(ifreq)) throw Napi::TypeError::New(env, "expected a struct ifreq");
  // A copy: the pointer must not be seen, or be changed, from outside.
  ifreq message{};
  std::memcpy(&message, bytes.Data(), sizeof(message));
  const bool has_data = !info[2].IsUndefined();
  if (has_data) message.ifr_data = reinterpret_cast<char*>(info[2].As<Napi::Uint8Array>().Data());
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Napi::Number::New(env, -errno);
  const int status = ioctl(fd, request, &message) < 0 ? -errno : 0;
  close(fd);
  if (!has_data) std::memcpy(bytes.Data(), &message, sizeof(message));
  return Napi::Number::New(env, status);
}
