// SPDX-License-Identifier: BSL-1.0
// A program that a Host takes for QEMU. What it does otherwise than QEMU stands in the variable FAKE_QEMU; see script.hpp.
#include "fake_qemu.hpp"

#include <vmwright/core/error.hpp>

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <sys/signalfd.h>
#include <unistd.h>

int main(int argc, char* argv[])
{
    try {
        sigset_t terminate;
        sigemptyset(&terminate);
        sigaddset(&terminate, SIGTERM);
        sigprocmask(SIG_BLOCK, &terminate, nullptr);
        vmwright::UniqueFd const signals{::signalfd(-1, &terminate, SFD_CLOEXEC)};
        auto const* const script = std::getenv("FAKE_QEMU");
        fake_qemu::FakeQemu qemu{{
            .arguments = {argv + 1, argv + argc},
            .script = fake_qemu::parse_script(script != nullptr ? script : ""),
            .open = [](std::string const& path) { return vmwright::UniqueFd{::open(path.c_str(), O_RDWR | O_CLOEXEC)}; },
            .fd = [](int number) { return number; },
            .say = [](std::string_view text) { std::cerr << text << std::flush; },
            .terminate_fd = signals.get(),
        }};
        auto const end = qemu.run();
        if (end.kind == vmwright::ExitStatus::Kind::signaled)
            ::raise(end.code);
        return end.code;
    } catch (std::exception const& error) {
        std::cerr << "fake-qemu: " << error.what() << '\n';
        return 1;
    }
}
