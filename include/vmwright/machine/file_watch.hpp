// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace vmwright::inline v0
{

/// Tells that a file, or something in a directory, may have changed (inotify). It is a hint: changes are not counted, and a
/// path that cannot be watched gives none. Used from the thread of its executor only; the callbacks come there, too.
class FileWatch
{
public:
    explicit FileWatch(boost::asio::any_io_executor executor);
    FileWatch(FileWatch&&) noexcept = default;
    auto operator=(FileWatch&& other) noexcept -> FileWatch&;
    ~FileWatch();

    /// Names the watch for `remove`; 0 when the path cannot be watched.
    [[nodiscard]] auto add(std::string const& path, std::function<void()> changed) -> int;
    void remove(int watch);

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace vmwright::inline v0
