// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/enum_names.hpp>
#include <vmwright/core/uuid.hpp>
#include <vmwright/host/detail/operation.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace vmwright::inline v0
{

/// What happened to a domain. Order and numbers are libvirt's (virDomainEventType), the names are virsh's words.
enum class EventKind
{
    defined,
    undefined,
    started,
    suspended,
    resumed,
    stopped,
    shutdown, ///< the guest has powered off, or was told to; `stopped` follows when the emulator is gone
    pmsuspended,
    crashed,
};
constexpr auto enum_names(EventKind)
{
    return name_list("Defined", "Undefined", "Started", "Suspended", "Resumed", "Stopped", "Shutdown", "PMSuspended",
                     "Crashed");
}

/// One change in the life of a domain.
struct Event
{
    EventKind kind{};
    unsigned detail{}; ///< libvirt's number, of the kind's own list
    std::string domain{};
    Uuid uuid{};
    std::chrono::system_clock::time_point time{}; ///< QEMU's, where QEMU told it

    bool operator==(Event const&) const = default;
};

/// virsh's word for the detail, as `Booted` or `Finished after guest request`.
[[nodiscard]] auto detail_name(Event const& event) noexcept -> std::string_view;
/// `demo: Started Booted`.
[[nodiscard]] auto to_string(Event const& event) -> std::string;

namespace detail
{
class EventQueue;
struct Listener;
} // namespace detail

/// Keeps a callback of Host::on_event alive. Ending it (or destroying it) on the Host's executor guarantees that the
/// callback is not called again; from another thread a call that has begun may still run.
class EventSubscription
{
public:
    EventSubscription() = default;
    explicit EventSubscription(std::shared_ptr<detail::Listener> listener);
    EventSubscription(EventSubscription&&) noexcept = default;
    auto operator=(EventSubscription&& other) noexcept -> EventSubscription&;
    ~EventSubscription();

    void end() noexcept;

private:
    std::shared_ptr<detail::Listener> listener_;
};

/// A queue of events of one's own, from the call of Host::events on, in the order in which they happened to each domain.
/// May be used from any thread; one wait at a time.
class EventStream
{
public:
    explicit EventStream(std::shared_ptr<detail::EventQueue> queue);
    EventStream(EventStream&&) noexcept = default;
    auto operator=(EventStream&& other) noexcept -> EventStream&;
    /// A waiting async_next ends without an event.
    ~EventStream();

    /// Waits for the next event; nothing when the Host was closed. Cancellation of any kind loses no event.
    auto next() -> std::optional<Event>;
    template <detail::TokenFor<std::optional<Event>> Token = boost::asio::deferred_t>
    auto async_next(Token&& token = Token{})
    {
        return begin_next().begin(std::forward<Token>(token));
    }

private:
    auto begin_next() -> detail::Operation<std::optional<Event>>;

    std::shared_ptr<detail::EventQueue> queue_;
};

} // namespace vmwright::inline v0
