// One ioctl(2) about a network interface (netdevice(7)): the caller's struct ifreq goes to the kernel and comes back as it
// answers. Which request it is, and what the bytes mean, is TypeScript's.
#pragma once

#include <napi.h>

// (request, ifreq, data?) -> 0 or -errno. With `data`, ifr_data points to it during the call.
Napi::Value InterfaceRequest(const Napi::CallbackInfo& info);
