// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>
#include <vmwright/machine/fd.hpp>
#include <vmwright/machine/process.hpp>
#include <vmwright/machine/spawn.hpp>

#include <array>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

struct Pipe
{
    vmwright::UniqueFd reading{};
    vmwright::UniqueFd writing{};

    Pipe()
    {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) < 0)
            throw std::runtime_error{"no pipe"};
        reading.reset(ends[0]);
        writing.reset(ends[1]);
    }
};

inline auto read_to_end(int fd) -> std::string
{
    std::string text;
    std::array<char, 4096> buffer{};
    for (auto count = ::read(fd, buffer.data(), buffer.size()); count > 0; count = ::read(fd, buffer.data(), buffer.size()))
        text.append(buffer.data(), static_cast<std::size_t>(count));
    return text;
}

/// What the program writes to its standard output until it ends.
inline auto output_of(vmwright::ProcessSpec spec) -> std::string
{
    Pipe pipe;
    spec.fds.push_back({.number = 1, .ours = pipe.writing.get()});
    auto const process = vmwright::spawn(spec);
    pipe.writing.reset();
    auto text = read_to_end(pipe.reading.get());
    process.wait();
    return text;
}

inline auto shell(std::string const& script) -> vmwright::ProcessSpec
{
    return {.executable = "/bin/sh", .arguments = {"-c", script}};
}

/// The error that a call throws.
auto error_of(auto const& call) -> std::optional<vmwright::Error>
{
    try {
        call();
    } catch (vmwright::Error const& error) {
        return error;
    }
    return std::nullopt;
}
