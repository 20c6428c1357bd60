#include "signals.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <string>
#include <vector>

#include "held-signals.h"

namespace {
std::vector<int> Numbers(Napi::Env env, const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(env, "expected an array of numbers");
  const auto array = value.As<Napi::Array>();
  std::vector<int> numbers;
  for (uint32_t index = 0; index < array.Length(); index++) {
    const Napi::Value number = array[index];
    numbers.push_back(number.ToNumber().Int32Value());
  }
  return numbers;
}

// The one thing outside the environments: a signal handler has nowhere else to write, and signals are the process's.
std::atomic<uint32_t> noted{0};
// And a pipe, which outlives the program: what any thread takes until the moment of execve() is read by the next one.
std::atomic<int> relay{-1};

void Note(int number) {
  const int error = errno;
  noted.fetch_or(1u << number);
  const char byte = static_cast<char>(number);
  // A full pipe has said it often enough.
  if (relay >= 0 && write(relay, &byte, 1) < 0) errno = error;
  errno = error;
}

struct Disposition {
  int number;
  struct sigaction action;
};

// What cannot be changed stays; `before` gets what was.
void Dispose(const std::vector<int>& numbers, void (*handler)(int), std::vector<Disposition>* before) {
  struct sigaction action {};
  action.sa_handler = handler;
  for (const int number : numbers) {
    struct sigaction old {};
    if (sigaction(number, &action, &old) == 0) before->push_back({number, old});
  }
}
}  // namespace

Napi::Value ReleasedSignals(const Napi::CallbackInfo& info) {
  const auto release = reinterpret_cast<ReleaseSignals>(dlsym(RTLD_DEFAULT, kReleaseSignals));
  return Napi::Number::New(info.Env(), release == nullptr ? 0 : release());
}

Napi::Value NoteSignals(const Napi::CallbackInfo& info) {
  const auto numbers = Numbers(info.Env(), info[0]);
  static int ends[2] = {-1, -1};
  if (relay < 0) {
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return Napi::Number::New(info.Env(), -errno);
    relay = ends[1];
  }
  std::vector<Disposition> before;
  Dispose(numbers, Note, &before);
  return Napi::Number::New(info.Env(), ends[0]);
}

Napi::Value NotedSignals(const Napi::CallbackInfo& info) { return Napi::Number::New(info.Env(), noted.exchange(0)); }

Napi::Value IgnoreSignals(const Napi::CallbackInfo& info) {
  std::vector<Disposition> before;
  Dispose(Numbers(info.Env(), info[0]), SIG_IGN, &before);
  return info.Env().Undefined();
}

Napi::Value ReplaceProgram(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[0].IsString() || !info[1].IsArray()) throw Napi::TypeError::New(env, "expected a program and arguments");
  const std::string program = info[0].As<Napi::String>().Utf8Value();
  const auto array = info[1].As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t index = 0; index < array.Length(); index++) {
    const Napi::Value text = array[index];
    if (!text.IsString()) throw Napi::TypeError::New(env, "expected an array of strings");
    texts.push_back(text.As<Napi::String>().Utf8Value());
  }
  std::vector<char*> pointers;
  for (auto& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  const auto ignored = Numbers(env, info[2]);
  const auto blocked = Numbers(env, info[3]);
  const auto descriptors = Numbers(env, info[4]);
  sigset_t wait{};
  sigset_t mask{};
  sigemptyset(&wait);
  for (const int number : blocked) sigaddset(&wait, number);

  std::vector<Disposition> before;
  pthread_sigmask(SIG_BLOCK, &wait, &mask);
  Dispose(ignored, SIG_IGN, &before);
  // Node.js marks them to be closed; the program is to have them as we have them.
  for (const int fd : descriptors) fcntl(fd, F_SETFD, 0);
  int error = EINTR;
  // What another thread takes from here on is in the pipe; what nobody takes waits, blocked, for the next program.
  if (noted == 0) {
    execv(program.c_str(), pointers.data());
    error = errno;
  }
  for (const int fd : descriptors) fcntl(fd, F_SETFD, FD_CLOEXEC);
  for (const auto& [number, action] : before) sigaction(number, &action, nullptr);
  pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  return Napi::Number::New(env, -error);
}
