// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <unistd.h>

/// A private directory of one test, gone with it. Its name tells the test program, which looks for leftovers at its end.
class TemporaryDirectory
{
public:
    TemporaryDirectory()
        : path_{prefix() + "XXXXXX"}
    {
        if (::mkdtemp(path_.data()) == nullptr)
            throw std::runtime_error{"cannot make " + path_};
    }
    TemporaryDirectory(TemporaryDirectory const&) = delete;
    auto operator=(TemporaryDirectory const&) -> TemporaryDirectory& = delete;
    ~TemporaryDirectory()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] auto path() const -> std::string const& { return path_; }
    [[nodiscard]] auto operator/(std::string const& name) const -> std::string { return path_ + "/" + name; }

    static auto prefix() -> std::string
    {
        auto const base = std::filesystem::temp_directory_path() / "vmwright-test-";
        return base.string() + std::to_string(::getpid()) + "-";
    }

private:
    std::string path_;
};
