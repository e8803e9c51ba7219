// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/core/error.hpp>

namespace vmwright::inline v0
{

namespace detail::error
{
namespace
{

class Category final : public std::error_category
{
public:
    auto name() const noexcept -> char const* override { return "vmwright"; }

    auto message(int value) const -> std::string override
    {
        auto text = std::string{to_string(static_cast<Errc>(value))};
        for (auto& c : text)
            if (c == '-')
                c = ' ';
        return text;
    }

    auto default_error_condition(int value) const noexcept -> std::error_condition override
    {
        switch (static_cast<Errc>(value)) {
        case Errc::invalid_argument: return std::errc::invalid_argument;
        case Errc::not_supported_yet: return std::errc::operation_not_supported;
        case Errc::not_found: return std::errc::no_such_file_or_directory;
        case Errc::already_exists: return std::errc::file_exists;
        case Errc::timed_out: return std::errc::timed_out;
        case Errc::cancelled: return std::errc::operation_canceled;
        case Errc::io_failed: return std::errc::io_error;
        case Errc::deadlock: return std::errc::resource_deadlock_would_occur;
        case Errc::in_use: return std::errc::device_or_resource_busy;
        case Errc::permission_denied: return std::errc::permission_denied;
        case Errc::read_only: return std::errc::read_only_file_system;
        case Errc::not_supported: return std::errc::not_supported;
        case Errc::out_of_memory: return std::errc::not_enough_memory;
        case Errc::no_space: return std::errc::no_space_on_device;
        case Errc::unreachable: return std::errc::host_unreachable;
        default: return {value, *this};
        }
    }
};

auto sentence(std::string_view message, Error::Context const& context) -> std::string
{
    std::string text;
    for (auto const& part : {context.object, context.step})
        if (!part.empty())
            text.append(part).append(": ");
    text.append(message);
    if (!context.hint.empty())
        text.append("; ").append(context.hint);
    if (!context.detail.empty())
        text.append("\n").append(context.detail);
    return text;
}

} // namespace
} // namespace detail::error

auto error_category() noexcept -> std::error_category const&
{
    static detail::error::Category const category;
    return category;
}

Error::Error()
    : Error{Errc::ok, "no error"}
{
}

Error::Error(std::error_code code, std::string_view message, Context context)
    : std::system_error{code}
    , message_{message}
    , context_{std::move(context)}
    , text_{detail::error::sentence(message_, context_)}
{
}

Error::Error(Errc code, std::string_view message, Context context)
    : Error{make_error_code(code), message, std::move(context)}
{
}

auto Error::with(Context more) const -> Error
{
    auto const keep = [](std::string& part, std::string const& old) {
        if (part.empty())
            part = old;
    };
    keep(more.object, context_.object);
    keep(more.step, context_.step);
    keep(more.hint, context_.hint);
    keep(more.detail, context_.detail);
    if (!more.cause)
        more.cause = context_.cause;
    return {code(), message_, std::move(more)};
}

} // namespace vmwright::inline v0
