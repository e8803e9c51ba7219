// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/machine/file_watch.hpp>

#include <boost/asio/posix/stream_descriptor.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <set>
#include <sys/inotify.h>
#include <utility>

namespace vmwright::inline v0
{

/// The kernel gives one descriptor to all watches of one path, so each has a number of its own here.
struct FileWatch::State : std::enable_shared_from_this<FileWatch::State>
{
    struct Watch
    {
        int descriptor{};
        std::function<void()> changed{};
    };

    explicit State(boost::asio::any_io_executor executor)
        : inotify{std::move(executor)}
    {
        if (auto const fd = ::inotify_init1(IN_CLOEXEC | IN_NONBLOCK); fd >= 0)
            inotify.assign(fd);
    }

    void read()
    {
        inotify.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                           [weak = weak_from_this()](boost::system::error_code error) {
                               if (auto const self = weak.lock(); self && !error)
                                   self->take();
                           });
    }

    void take()
    {
        std::set<int> touched;
        alignas(inotify_event) std::array<char, 4096> buffer;
        for (;;) {
            auto const size = ::read(inotify.native_handle(), buffer.data(), buffer.size());
            if (size <= 0)
                break;
            for (std::size_t at = 0; at < static_cast<std::size_t>(size);) {
                inotify_event event{};
                std::memcpy(&event, buffer.data() + at, sizeof event);
                touched.insert(event.wd);
                at += sizeof event + event.len;
            }
        }
        auto const overflowed = touched.contains(-1);
        std::set<int> due;
        for (auto const& [number, watch] : watches)
            if (overflowed || touched.contains(watch.descriptor))
                due.insert(number);
        read();
        for (auto const number : due)
            if (auto const found = watches.find(number); found != watches.end())
                std::function{found->second.changed}();
    }

    boost::asio::posix::stream_descriptor inotify;
    std::map<int, Watch> watches{};
    int last{};
};

FileWatch::FileWatch(boost::asio::any_io_executor executor)
    : state_{std::make_shared<State>(std::move(executor))}
{
    if (state_->inotify.is_open())
        state_->read();
}

auto FileWatch::operator=(FileWatch&& other) noexcept -> FileWatch&
{
    std::swap(state_, other.state_);
    return *this;
}

FileWatch::~FileWatch()
{
    if (state_ && state_->inotify.is_open())
        state_->inotify.close();
}

auto FileWatch::add(std::string const& path, std::function<void()> changed) -> int
{
    if (!state_->inotify.is_open())
        return 0;
    auto const descriptor = ::inotify_add_watch(state_->inotify.native_handle(), path.c_str(),
                                                IN_MODIFY | IN_CLOSE_WRITE | IN_CREATE | IN_DELETE | IN_MOVED_FROM |
                                                    IN_MOVED_TO | IN_DELETE_SELF);
    if (descriptor < 0)
        return 0;
    auto const number = ++state_->last;
    state_->watches.emplace(number, State::Watch{descriptor, std::move(changed)});
    return number;
}

void FileWatch::remove(int watch)
{
    auto const found = state_->watches.find(watch);
    if (found == state_->watches.end())
        return;
    auto const descriptor = found->second.descriptor;
    state_->watches.erase(found);
    for (auto const& [number, other] : state_->watches)
        if (other.descriptor == descriptor)
            return;
    ::inotify_rm_watch(state_->inotify.native_handle(), descriptor);
}

} // namespace vmwright::inline v0
