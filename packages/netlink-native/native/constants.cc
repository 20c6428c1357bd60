#include "constants.h"

#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>

// Older C libraries leave it out of their headers.
#ifndef SCHED_RESET_ON_FORK
#define SCHED_RESET_ON_FORK 0x40000000
#endif

Napi::Object SystemConstants(Napi::Env env) {
  struct Constant {
    const char* name;
    int value;
  };
#define CONSTANT(name) {#name, static_cast<int>(name)}
  static constexpr Constant kConstants[] = {
      CONSTANT(AF_UNIX),
      CONSTANT(AF_INET),
      CONSTANT(AF_INET6),
      CONSTANT(AF_NETLINK),
      CONSTANT(AF_PACKET),
      CONSTANT(SOCK_RAW),
      CONSTANT(SOCK_DGRAM),
      CONSTANT(IPPROTO_IP),
      CONSTANT(IPPROTO_IPV6),
      CONSTANT(IPPROTO_RAW),
      CONSTANT(NETLINK_ROUTE),
      CONSTANT(NETLINK_CONNECTOR),
      CONSTANT(SOL_SOCKET),
      CONSTANT(SO_BINDTODEVICE),
      CONSTANT(SO_PRIORITY),
      CONSTANT(SO_RCVBUF),
      CONSTANT(SO_RCVBUFFORCE),
      CONSTANT(SO_TIMESTAMPNS),
      CONSTANT(IP_HDRINCL),
      CONSTANT(IP_MULTICAST_IF),
      CONSTANT(IP_MULTICAST_LOOP),
      CONSTANT(IPV6_CHECKSUM),
      CONSTANT(IPV6_MULTICAST_HOPS),
      CONSTANT(IPV6_MULTICAST_IF),
      CONSTANT(IPV6_MULTICAST_LOOP),
      CONSTANT(IPV6_UNICAST_HOPS),
      CONSTANT(IPV6_PKTINFO),
      CONSTANT(IPV6_RECVPKTINFO),
      CONSTANT(IPV6_HOPLIMIT),
      CONSTANT(IPV6_RECVHOPLIMIT),
      CONSTANT(IPV6_TCLASS),
      CONSTANT(MCAST_JOIN_GROUP),
      CONSTANT(SOL_NETLINK),
      CONSTANT(NETLINK_ADD_MEMBERSHIP),
      CONSTANT(NETLINK_DROP_MEMBERSHIP),
      CONSTANT(NETLINK_CAP_ACK),
      CONSTANT(NETLINK_EXT_ACK),
      CONSTANT(MSG_DONTROUTE),
      CONSTANT(MSG_TRUNC),
      CONSTANT(CLONE_NEWNET),
      CONSTANT(SCHED_OTHER),
      CONSTANT(SCHED_FIFO),
      CONSTANT(SCHED_RR),
      CONSTANT(SCHED_RESET_ON_FORK),
      CONSTANT(RLIMIT_RTTIME),
      CONSTANT(SIOCGIFFLAGS),
      CONSTANT(SIOCETHTOOL),
      CONSTANT(SIOCGMIIPHY),
      CONSTANT(SIOCGMIIREG),
  };
#undef CONSTANT
  Napi::Object constants = Napi::Object::New(env);
  for (const Constant& constant : kConstants) constants.Set(constant.name, constant.value);
  return constants;
}
