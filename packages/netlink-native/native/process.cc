#include "process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <vector>

#include "listener-call.h"

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

namespace {
constexpr int kExecFailed = 127;

// Everything the child needs, made before it exists: between vfork and exec it must not allocate, lock or return.
struct Plan {
  char* const* argv;
  char* const* environment;
  int null_device;
  // (uid_t)-1: stay who we are.
  uid_t user;
  gid_t group;
  const gid_t* groups;
  size_t group_count;
  const sigset_t* signal_mask;
  // The child's errno, written into the memory it shares with us.
  volatile int failure;
};

// glibc's setuid() and its like tell every thread of the process; the bare system calls are for this child alone.
bool BecomeUser(const Plan& plan) {
  if (plan.user == static_cast<uid_t>(-1)) return true;
  return syscall(SYS_setgroups, plan.group_count, plan.groups) == 0 &&
         syscall(SYS_setresgid, plan.group, plan.group, plan.group) == 0 &&
         syscall(SYS_setresuid, plan.user, plan.user, plan.user) == 0;
}

void LiftRealtimeLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_RTTIME, &limit) < 0) return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_RTTIME, &limit);
}

// A session, hence a process group, of its own; nothing on its descriptors; no signal ignored or blocked; the limit of our
// real-time thread is not the program's.
[[noreturn]] void BecomeProgram(Plan* plan) {
  for (int number = 1; number < NSIG; number++) signal(number, SIG_DFL);
  bool ready = setsid() >= 0;
  for (int fd = 0; ready && fd <= 2; fd++) ready = dup2(plan->null_device, fd) >= 0;
  // What this process inherited itself may lack O_CLOEXEC. Before Linux 5.9 there is no such call, and such a thing stays.
  syscall(SYS_close_range, 3u, ~0u, 0u);
  ready = ready && BecomeUser(*plan);
  LiftRealtimeLimit();
  if (ready) {
    sigprocmask(SIG_SETMASK, plan->signal_mask, nullptr);
    execvpe(plan->argv[0], plan->argv, plan->environment);
  }
  plan->failure = errno;
  _exit(kExecFailed);
}

// vfork's child runs in our memory: nothing of this function may live on in a register across it.
__attribute__((noinline)) pid_t StartChild(Plan* plan) {
  const pid_t pid = vfork();
  if (pid == 0) BecomeProgram(plan);
  return pid;
}

std::vector<std::string> Texts(Napi::Env env, const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(env, "expected an array of strings");
  const auto array = value.As<Napi::Array>();
  std::vector<std::string> texts;
  for (uint32_t index = 0; index < array.Length(); index++) {
    const Napi::Value text = array[index];
    if (!text.IsString()) throw Napi::TypeError::New(env, "expected an array of strings");
    texts.push_back(text.As<Napi::String>().Utf8Value());
    if (texts.back().find('\0') != std::string::npos) throw Napi::TypeError::New(env, "a string has a NUL");
  }
  return texts;
}

std::vector<char*> Pointers(std::vector<std::string>* texts) {
  std::vector<char*> pointers;
  for (auto& text : *texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<gid_t> Groups(Napi::Env env, const Napi::Value& value) {
  if (!value.IsArray()) throw Napi::TypeError::New(env, "expected an array of groups");
  const auto array = value.As<Napi::Array>();
  std::vector<gid_t> groups;
  for (uint32_t index = 0; index < array.Length(); index++) {
    const Napi::Value group = array[index];
    groups.push_back(group.ToNumber().Uint32Value());
  }
  return groups;
}
}  // namespace

Napi::Function Process::Define(Napi::Env env) {
  return DefineClass(env, "Process", {InstanceMethod<&Process::Start>("start")});
}

Process::Process(const Napi::CallbackInfo& info) : ObjectWrap(info) {}

// A running one holds a reference to itself, so only the end of a whole environment finds one here.
Process::~Process() {
  if (watch_ != nullptr) watch_->Close();
  if (fd_ >= 0) close(fd_);
}

Napi::Value Process::Start(const Napi::CallbackInfo& info) {
  Napi::Env env = info.Env();
  if (!info[2].IsNumber() || !info[3].IsNumber()) throw Napi::TypeError::New(env, "expected a user and a group");
  if (!info[5].IsFunction()) throw Napi::TypeError::New(env, "expected a listener");
  if (pid_ >= 0) return Napi::Number::New(env, -EALREADY);
  auto argv = Texts(env, info[0]);
  auto environment = Texts(env, info[1]);
  const auto groups = Groups(env, info[4]);
  if (argv.empty()) throw Napi::TypeError::New(env, "expected a program");
  const auto argv_pointers = Pointers(&argv);
  const auto environment_pointers = Pointers(&environment);

  // Asked before anything runs: without pidfds (before Linux 5.3) its end could not be heard.
  const int self = static_cast<int>(syscall(SYS_pidfd_open, getpid(), 0));
  if (self < 0) return Napi::Number::New(env, -errno);
  close(self);
  const int null_device = open("/dev/null", O_RDWR | O_CLOEXEC);
  if (null_device < 0) return Napi::Number::New(env, -errno);
  sigset_t all{};
  sigset_t none{};
  sigset_t before{};
  sigfillset(&all);
  sigemptyset(&none);
  Plan plan{argv_pointers.data(),
            environment_pointers.data(),
            null_device,
            static_cast<uid_t>(info[2].As<Napi::Number>().Int64Value()),
            static_cast<gid_t>(info[3].As<Napi::Number>().Int64Value()),
            groups.data(),
            groups.size(),
            &none,
            0};
  // A handler of ours must not run in the child: it would write into our memory.
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t pid = StartChild(&plan);
  const int vfork_error = errno;
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  close(null_device);
  if (pid < 0) return Napi::Number::New(env, -vfork_error);
  int status = plan.failure == 0 ? Watch(env, pid) : -plan.failure;
  if (status != 0) {
    // It has not become the program, or cannot be watched: nothing of it may stay.
    kill(pid, SIGKILL);
    waitpid(pid, nullptr, 0);
    return Napi::Number::New(env, status);
  }
  listener_ = Napi::Persistent(info[5].As<Napi::Function>());
  pid_ = pid;
  Ref();
  return Napi::Number::New(env, pid);
}

int Process::Watch(Napi::Env env, pid_t pid) {
  fd_ = static_cast<int>(syscall(SYS_pidfd_open, pid, 0));
  if (fd_ < 0) return -errno;
  const int status = PollWatch::Open(env, fd_, this, &watch_);
  if (status == 0) return 0;
  close(fd_);
  fd_ = -1;
  return status;
}

void Process::OnReadable() {
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return;
  watch_->Close();
  watch_ = nullptr;
  close(fd_);
  fd_ = -1;
  Napi::Env env = Env();
  Napi::HandleScope scope(env);
  const Napi::Function listener = listener_.Value();
  listener_.Reset();
  Unref();
  CallListener(env, Value(), listener, status);
}

void Process::OnWatchLost() { watch_ = nullptr; }
