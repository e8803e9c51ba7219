// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <vmwright/qmp/session.hpp>

#include <vmwright/qmp/convert.hpp>
#include <vmwright/qmp/impl/greeting.ipp>

#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace vmwright::inline v0::qmp
{

namespace detail::session
{
namespace
{

/// Memory that one large line left behind is given back.
constexpr std::size_t kept_capacity = std::size_t{64} << 10;

auto is_alphanumeric(char c) -> bool
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The length of the UTF-8 sequence at the front; 0 when it is none (overlong, a surrogate, out of range, cut).
auto sequence_length(std::string_view text) -> std::size_t
{
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    auto const continues = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
    auto const lead = byte(0);
    if (lead < 0x80)
        return 1;
    if (lead >= 0xc2 && lead <= 0xdf)
        return continues(1) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        auto const low = lead == 0xe0 ? 0xa0U : 0x80U;
        auto const high = lead == 0xed ? 0x9fU : 0xbfU;
        return byte(1) >= low && byte(1) <= high && continues(2) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        auto const low = lead == 0xf0 ? 0x90U : 0x80U;
        auto const high = lead == 0xf4 ? 0x8fU : 0xbfU;
        return byte(1) >= low && byte(1) <= high && continues(2) && continues(3) ? 4 : 0;
    }
    return 0;
}

auto is_utf8(std::string_view text) -> bool
{
    while (!text.empty()) {
        auto const length = sequence_length(text);
        if (length == 0)
            return false;
        text.remove_prefix(length);
    }
    return true;
}

auto member(boost::json::object const& object, boost::json::string_view name) -> boost::json::value const*
{
    return object.if_contains(name);
}

auto text_member(boost::json::object const& object, boost::json::string_view name) -> std::optional<std::string_view>
{
    auto const* const value = object.if_contains(name);
    auto const* const text = value ? value->if_string() : nullptr;
    return text ? std::optional{std::string_view{text->data(), text->size()}} : std::nullopt;
}

/// Seconds and microseconds; nothing when they are no time that a clock can hold.
auto read_time(boost::json::object const& event) -> std::optional<decltype(Event::timestamp)>
{
    auto const* const stamp = member(event, "timestamp");
    auto const* const parts = stamp ? stamp->if_object() : nullptr;
    if (!parts)
        return std::nullopt;
    auto const part = [&](boost::json::string_view name) {
        auto const* const value = parts->if_contains(name);
        return value ? value->if_int64() : nullptr;
    };
    auto const* const seconds = part("seconds");
    auto const* const microseconds = part("microseconds");
    constexpr std::int64_t last_second = std::int64_t{1} << 40;
    if (!seconds || !microseconds || *seconds < -1 || *seconds > last_second || *microseconds < -1 ||
        *microseconds > 999'999)
        return std::nullopt;
    return decltype(Event::timestamp){std::chrono::seconds{*seconds} + std::chrono::microseconds{*microseconds}};
}

} // namespace
} // namespace detail::session

/// Boost.JSON's parser, which keeps its memory from line to line.
struct Session::Parser : boost::json::parser
{
    explicit Parser(std::size_t depth_limit)
        : boost::json::parser{boost::json::storage_ptr{}, limits(depth_limit)}
    {
    }
    static auto limits(std::size_t depth) -> boost::json::parse_options
    {
        boost::json::parse_options options;
        options.max_depth = depth;
        return options;
    }
};

Session::Session(SessionOptions options)
    : options_{std::move(options)}
    , parser_{std::make_unique<Parser>(options_.depth_limit)}
{
    auto const& prefix = options_.id_prefix;
    if (prefix.empty() || prefix.size() > 16 || !std::ranges::all_of(prefix, detail::session::is_alphanumeric))
        throw Error{Errc::invalid_argument, "'" + prefix + "' is not a prefix of 1 to 16 letters and digits for QMP ids"};
}

Session::Session(Session&&) noexcept = default;
auto Session::operator=(Session&&) noexcept -> Session& = default;
Session::~Session() = default;

auto Session::feed(std::string_view bytes) -> std::vector<Message>
{
    std::vector<Message> out;
    while (!bytes.empty() && !is_closed()) {
        auto const end = bytes.find('\n');
        auto const piece = bytes.substr(0, end);
        if (partial_.size() + piece.size() > options_.line_limit) {
            close(Error{Errc::limit_exceeded, "a line of the monitor is longer than the limit of " +
                                                  std::to_string(options_.line_limit) + " bytes"},
                  out);
            break;
        }
        if (end == std::string_view::npos) {
            partial_.append(piece);
            break;
        }
        if (partial_.empty()) {
            take_line(piece, out);
        } else {
            partial_.append(piece);
            take_line(std::exchange(partial_, {}), out);
        }
        bytes.remove_prefix(end + 1);
    }
    return out;
}

auto Session::end_of_input() -> std::vector<Message>
{
    std::vector<Message> out;
    if (!is_closed()) {
        auto text = std::string{state_ == State::greeting ? "the monitor closed the connection before its greeting"
                                                          : "the monitor closed the connection"};
        if (!partial_.empty())
            text += ", " + std::to_string(partial_.size()) + " bytes into a line";
        close(Error{Errc::monitor_failed, text}, out, true);
    }
    return out;
}

auto Session::execute(std::string_view command, boost::json::object arguments) -> CommandId
{
    auto const id = last_id_ + 1;
    auto text = command_line(id, command, std::move(arguments));
    if (!detail::session::is_utf8(text))
        throw Error{Errc::invalid_argument, "the command's text is not UTF-8", {.step = std::string{command}}};
    last_id_ = id;
    awaited_.insert(id);
    unsent_.push_back({id, std::move(text)});
    return id;
}

auto Session::is_unsent(CommandId id) const noexcept -> bool
{
    return std::ranges::find(unsent_, id, &Line::id) != unsent_.end();
}

void Session::abandon(CommandId id)
{
    awaited_.erase(id);
    std::erase_if(unsent_, [&](Line const& line) { return line.id == id; });
}

auto Session::next_line() -> std::optional<Line>
{
    if (unsent_.empty() || state_ == State::greeting || state_ == State::closed)
        return std::nullopt;
    auto line = std::move(unsent_.front());
    unsent_.pop_front();
    log("> ", {line.text.data(), line.text.size() - 1});
    return line;
}

void Session::take_line(std::string_view line, std::vector<Message>& out)
{
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    if (line.empty())
        return;
    log("< ", line);
    boost::json::error_code error;
    parser_->reset();
    parser_->write(line.data(), line.size(), error);
    auto value = error ? boost::json::value{} : parser_->release();
    if (line.size() > detail::session::kept_capacity)
        parser_ = std::make_unique<Parser>(options_.depth_limit);
    auto* const object = value.if_object();
    if (!object) {
        if (state_ == State::greeting)
            return log("dropped, before the greeting: ", line);
        return close_broken(error ? error.message() : "not a JSON object", line, out);
    }
    if (object->contains("event"))
        return take_event(*object, out);
    if (object->contains("return") || object->contains("error"))
        return take_answer(*object, out);
    if (auto const* const greeting = object->if_contains("QMP"); greeting && state_ == State::greeting)
        return take_greeting(*greeting, out);
    close_broken("neither an answer nor an event", line, out);
}

void Session::take_greeting(boost::json::value const& greeting, std::vector<Message>& out)
{
    try {
        offered_ = decode<Greeting>(greeting, "greeting");
    } catch (Error const& error) {
        return close(error, out);
    }
    state_ = State::negotiating;
    unsent_.push_front({0, command_line(0, "qmp_capabilities", {})});
}

void Session::take_event(boost::json::object& object, std::vector<Message>& out)
{
    auto const name = detail::session::text_member(object, "event");
    auto const time = detail::session::read_time(object);
    auto* const data = object.if_contains("data");
    if (!name || !time || (data && !data->is_object()))
        return close_broken("not an event", boost::json::serialize(object), out);
    auto& event = std::get<Event>(out.emplace_back(std::in_place_type<Event>));
    event.name = *name;
    event.timestamp = *time;
    if (data)
        event.data = std::move(data->get_object());
}

void Session::take_answer(boost::json::object& object, std::vector<Message>& out)
{
    auto const id = own_id(object);
    auto const is_negotiation = id == 0 && state_ == State::negotiating;
    if (!id || is_unsent(*id) || (!is_negotiation && awaited_.erase(*id) == 0)) {
        if (options_.log)
            log("dropped, not awaited: ", boost::json::serialize(object));
        return;
    }
    if (auto* const value = object.if_contains("return")) {
        if (!is_negotiation) {
            out.push_back(Answer{*id, std::move(*value)});
            return;
        }
        state_ = State::ready;
        greeting_ = std::move(offered_);
        out.push_back(Ready{*greeting_});
        return;
    }
    auto const* const error = object.at("error").if_object();
    auto const error_class = error ? detail::session::text_member(*error, "class") : std::nullopt;
    auto const description = error ? detail::session::text_member(*error, "desc") : std::nullopt;
    if (!error_class || !description)
        return close_broken("an error without class and desc", boost::json::serialize(object), out);
    if (is_negotiation)
        return close(Error{Errc::monitor_failed,
                           "QEMU refused qmp_capabilities",
                           {.detail = std::string{*error_class}.append(": ").append(*description)}},
                     out);
    out.push_back(Refusal{*id, std::string{*error_class}, std::string{*description}});
}

void Session::close(Error error, std::vector<Message>& out, bool by_peer)
{
    state_ = State::closed;
    partial_ = {};
    unsent_.clear();
    awaited_.clear();
    log("closed: ", error.what());
    out.push_back(Closed{std::move(error), by_peer});
}

void Session::close_broken(std::string_view why, std::string_view line, std::vector<Message>& out)
{
    auto shown = std::string{line.substr(0, 120)};
    for (auto& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e)
            c = '?';
    close(Error{Errc::monitor_failed, "the monitor broke the protocol: " + std::string{why}, {.detail = std::move(shown)}},
          out);
}

auto Session::own_id(boost::json::object const& object) const -> std::optional<CommandId>
{
    auto text = detail::session::text_member(object, "id");
    if (!text || !text->starts_with(options_.id_prefix))
        return std::nullopt;
    text->remove_prefix(options_.id_prefix.size());
    CommandId id{};
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), id);
    if (error != std::errc{} || end != text->data() + text->size() || id > last_id_)
        return std::nullopt;
    return id;
}

auto Session::command_line(CommandId id, std::string_view command, boost::json::object arguments) const -> std::string
{
    boost::json::object line;
    line.reserve(3);
    line.emplace("execute", boost::json::string_view{command.data(), command.size()});
    if (!arguments.empty())
        line.emplace("arguments", std::move(arguments));
    line.emplace("id", options_.id_prefix + std::to_string(id));
    return boost::json::serialize(line) + '\n';
}

void Session::log(std::string_view what, std::string_view line) const
{
    if (options_.log)
        options_.log(LogLevel::trace, "qmp", std::string{what}.append(line));
}

} // namespace vmwright::inline v0::qmp
