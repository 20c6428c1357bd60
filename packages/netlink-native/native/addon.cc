// The addon's exports. Context-aware: every environment (main thread, each worker) gets its own objects, and there is no
// state outside them but the signals that came (signals.cc). C++ moves bytes; options, addresses, messages and policy are TypeScript's (../src).
#include <napi.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "constants.h"
#include "interface-request.h"
#include "message-batch.h"
#include "process.h"
#include "signals.h"
#include "socket.h"
#include "timer.h"
#include "uv-abi.h"

namespace {
#ifndef MLOCK_ONFAULT
#define MLOCK_ONFAULT 1
#endif

int32_t Argument(const Napi::CallbackInfo& info, size_t index) {
  if (!info[index].IsNumber()) throw Napi::TypeError::New(info.Env(), "expected an integer");
  return info[index].As<Napi::Number>().Int32Value();
}

Napi::Value Answer(const Napi::CallbackInfo& info, int status) {
  return Napi::Number::New(info.Env(), status < 0 ? -errno : status);
}

Napi::Value Monotonic(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), MonotonicMicros()); }

Napi::Value RealtimeOffset(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), RealtimeOffsetMicros()); }

// (fd, kind): the calling thread enters the namespace behind an open file.
Napi::Value EnterNamespace(const Napi::CallbackInfo& info) {
  const int fd = Argument(info, 0);
  const int kind = Argument(info, 1);
  return Answer(info, setns(fd, kind));
}

Napi::Value ThreadId(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(syscall(SYS_gettid)));
}

// (thread, policy, priority)
Napi::Value SetScheduler(const Napi::CallbackInfo& info) {
  const int thread = Argument(info, 0);
  const int policy = Argument(info, 1);
  sched_param parameters{};
  parameters.sched_priority = Argument(info, 2);
  // musl's sched_setscheduler() is a stub that refuses everything.
  return Answer(info, static_cast<int>(syscall(SYS_sched_setscheduler, thread, policy, &parameters)));
}

// (resource, value): the soft limit of this process; a negative one lifts it. The hard limit stays as it is.
Napi::Value SetSoftLimit(const Napi::CallbackInfo& info) {
  const int resource = Argument(info, 0);
  if (!info[1].IsNumber()) throw Napi::TypeError::New(info.Env(), "expected a limit");
  const int64_t value = info[1].As<Napi::Number>().Int64Value();
  // The C libraries disagree about the type of a resource; the kernel's own call has one.
  rlimit64 limit{};
  if (syscall(SYS_prlimit64, 0, resource, nullptr, &limit) < 0) return Answer(info, -1);
  limit.rlim_cur = value < 0 ? limit.rlim_max : static_cast<rlim64_t>(value);
  return Answer(info, static_cast<int>(syscall(SYS_prlimit64, 0, resource, &limit, nullptr)));
}

// (path, mode): a FIFO, its mode less the umask.
Napi::Value MakeFifo(const Napi::CallbackInfo& info) {
  if (!info[0].IsString()) throw Napi::TypeError::New(info.Env(), "expected a path");
  const std::string path = info[0].As<Napi::String>().Utf8Value();
  return Answer(info, mkfifo(path.c_str(), static_cast<mode_t>(Argument(info, 1))));
}

// (address, length): pages of the range stay in memory once they have come into use.
Napi::Value LockMemory(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber() || !info[1].IsNumber()) throw Napi::TypeError::New(info.Env(), "expected an address and a length");
  // Addresses of user space have 47 bits (57 with a larger page table, which is given only on request): exact in a double.
  const int64_t address = info[0].As<Napi::Number>().Int64Value();
  const int64_t length = info[1].As<Napi::Number>().Int64Value();
  return Answer(info, static_cast<int>(syscall(SYS_mlock2, address, length, MLOCK_ONFAULT)));
}

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  const char* handle = uv_handle_type_name(kUvPollHandle);
  if (handle == nullptr || std::strcmp(handle, "poll") != 0) {
    throw Napi::Error::New(env, "this Node.js has a libuv with other handle numbers than libuv 1");
  }
  exports.Set("constants", SystemConstants(env));
  exports.Set("MessageBatch", MessageBatch::Define(env));
  exports.Set("Process", Process::Define(env));
  exports.Set("Socket", Socket::Define(env));
  exports.Set("Timer", Timer::Define(env));
  exports.Set("interfaceRequest", Napi::Function::New<InterfaceRequest>(env, "interfaceRequest"));
  exports.Set("monotonicMicros", Napi::Function::New<Monotonic>(env, "monotonicMicros"));
  exports.Set("realtimeOffsetMicros", Napi::Function::New<RealtimeOffset>(env, "realtimeOffsetMicros"));
  exports.Set("enterNamespace", Napi::Function::New<EnterNamespace>(env, "enterNamespace"));
  exports.Set("threadId", Napi::Function::New<ThreadId>(env, "threadId"));
  exports.Set("setSoftLimit", Napi::Function::New<SetSoftLimit>(env, "setSoftLimit"));
  exports.Set("setScheduler", Napi::Function::New<SetScheduler>(env, "setScheduler"));
  exports.Set("makeFifo", Napi::Function::New<MakeFifo>(env, "makeFifo"));
  exports.Set("releasedSignals", Napi::Function::New<ReleasedSignals>(env, "releasedSignals"));
  exports.Set("noteSignals", Napi::Function::New<NoteSignals>(env, "noteSignals"));
  exports.Set("notedSignals", Napi::Function::New<NotedSignals>(env, "notedSignals"));
  exports.Set("ignoreSignals", Napi::Function::New<IgnoreSignals>(env, "ignoreSignals"));
  exports.Set("replaceProgram", Napi::Function::New<ReplaceProgram>(env, "replaceProgram"));
  exports.Set("lockMemory", Napi::Function::New<LockMemory>(env, "lockMemory"));
  return exports;
}
}  // namespace

NODE_API_MODULE(vrrp_netlink, Init)
