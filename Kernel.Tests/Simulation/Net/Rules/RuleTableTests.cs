using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using HaukiOS.Tests.Unit.Net;
using NUnit.Framework;
using NUnit.Framework.Interfaces;

namespace HaukiOS.Tests.Simulation.Net.Rules;

/// <summary>One rule of an RFC, and a test that fails if the stack breaks it.</summary>
internal sealed record Rule(string Rfc, string Section, string Says, Type Fixture, string Test);

/// <summary>Every RFC the stack promises to keep, rule by rule, with the test that holds it to it.</summary>
[TestFixture]
public sealed class RuleTableTests
{
    private static readonly string[] Promised =
    [
        "791", "826", "896", "1122", "1191", "2018", "2131", "4987", "5227", "5681", "5927", "5961", "6298", "6528",
        "6582", "6675", "7323", "9293",
    ];

    private static readonly Rule[] Rules =
        [.. States(), .. Ends(), .. Timers(), .. Congestion(), .. Options(), .. Attacks(), .. Below()];

    [Test]
    public void Every_promised_RFC_has_rules() =>
        Assert.That(Promised.Except(Rules.Select(rule => rule.Rfc)), Is.Empty);

    [Test]
    public void Every_rule_has_its_test()
    {
        IEnumerable<string> wrong =
            from rule in Rules
            let method = rule.Fixture.GetMethod(rule.Test)
            where method is null || !IsTest(method) || rule.Says.Length == 0 || rule.Section.Length == 0
            select $"RFC {rule.Rfc}, {rule.Section}: {rule.Fixture.Name}.{rule.Test}";
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Every_test_of_these_rules_is_in_the_table()
    {
        IEnumerable<string> missing =
            from type in typeof(RuleTableTests).Assembly.GetTypes()
            where type.Namespace == typeof(RuleTableTests).Namespace && type != typeof(RuleTableTests)
            from method in type.GetMethods()
            where IsTest(method) && !Rules.Any(rule => rule.Fixture == type && rule.Test == method.Name)
            select $"{type.Name}.{method.Name}";
        Assert.That(missing, Is.Empty);
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes().Any(one => one is ITestBuilder or ISimpleTestBuilder);

    private static IEnumerable<Rule> States() =>
    [
        Of<StateMachineRules>(
            "9293", "3.10.7.1", "no connection: a reset whose numbers come from the segment",
            nameof(StateMachineRules.A_segment_to_a_closed_port_is_answered_with_a_reset_made_from_its_numbers)),
        Of<StateMachineRules>(
            "9293", "3.10.7.1, 3.10.7.2", "resets are never answered",
            nameof(StateMachineRules.A_reset_is_never_answered_with_a_reset)),
        Of<StateMachineRules>(
            "9293", "3.10.7.2", "LISTEN: an acknowledgment is refused",
            nameof(StateMachineRules.A_listener_answers_an_acknowledgment_with_a_reset)),
        Of<StateMachineRules>(
            "9293", "3.5, figure 8", "simultaneous open",
            nameof(StateMachineRules.Both_ends_that_open_at_once_are_connected)),
        Of<StateMachineRules>(
            "9293", "3.10.7.3", "SYN-SENT: only a reset that acknowledges the SYN",
            nameof(StateMachineRules.A_refusal_must_acknowledge_our_SYN)),
        Of<StateMachineRules>(
            "9293", "3.10.7.3", "SYN-SENT: a wrong acknowledgment is reset",
            nameof(StateMachineRules.A_wrong_acknowledgment_of_our_SYN_is_reset_and_we_go_on)),
        Of<StateMachineRules>(
            "9293", "3.10.7.4, first check", "unacceptable segments are acknowledged and dropped",
            nameof(StateMachineRules.A_segment_outside_the_window_is_answered_with_an_acknowledgment_and_dropped)),
        Of<StateMachineRules>(
            "9293", "3.10.7.4, seventh check", "the part in the window counts",
            nameof(StateMachineRules.A_segment_that_begins_before_the_window_brings_what_lies_in_it)),
        Of<StateMachineRules>(
            "9293", "3.4", "nothing beyond the window",
            nameof(StateMachineRules.Data_beyond_the_window_are_not_taken)),
        Of<StateMachineRules>(
            "9293", "3.6, case 1", "closing first",
            nameof(StateMachineRules.An_orderly_end_goes_through_FIN_WAIT_and_TIME_WAIT)),
        Of<StateMachineRules>(
            "9293", "3.10.7.4, eighth check", "TIME-WAIT: a FIN again restarts the wait",
            nameof(StateMachineRules.A_FIN_again_in_TIME_WAIT_is_acknowledged_and_the_wait_begins_anew)),
        Of<StateMachineRules>(
            "9293", "3.6, case 3", "simultaneous close",
            nameof(StateMachineRules.Both_ends_that_close_at_once_meet_in_CLOSING)),
    ];

    private static IEnumerable<Rule> Ends() =>
    [
        Of<StateMachineRules>(
            "9293", "3.6, case 2", "closing last",
            nameof(StateMachineRules.The_end_that_closes_last_is_gone_with_the_last_acknowledgment)),
        Of<StateMachineRules>(
            "9293", "3.10.7.4, eighth check", "a FIN takes its turn",
            nameof(StateMachineRules.A_FIN_behind_a_gap_waits_for_the_gap_to_be_filled)),
        Of<StateMachineRules>(
            "9293", "3.6.1", "a close that loses data resets",
            nameof(StateMachineRules.A_close_that_loses_received_data_is_a_reset)),
        Of<StateMachineRules>(
            "9293", "3.6.1", "data for nobody reset",
            nameof(StateMachineRules.Data_after_both_halves_are_closed_here_are_answered_with_a_reset)),
        Of<StateMachineRules>(
            "9293", "3.10.5", "ABORT",
            nameof(StateMachineRules.Abort_sends_a_reset_with_the_next_number)),
        Of<StateMachineRules>(
            "9293", "3.8.5", "urgent data of any length",
            nameof(StateMachineRules.Urgent_data_are_data_like_others)),
        Of<StateMachineRules>(
            "9293", "3.6.1, MAY-2", "a new SYN in TIME-WAIT",
            nameof(StateMachineRules.A_SYN_of_a_later_conversation_may_end_TIME_WAIT)),
        Of<StateMachineRules>(
            "9293", "3.7.1, MUST-15", "the default send MSS",
            nameof(StateMachineRules.Without_the_MSS_option_536_is_taken)),
        Of<StateMachineRules>(
            "9293", "3.7.1, SHLD-5", "the MSS option is sent",
            nameof(StateMachineRules.Our_SYN_says_how_long_segments_may_be)),
        Of<StateMachineRules>(
            "9293", "3.8.3", "SYNs are given up",
            nameof(StateMachineRules.A_lost_SYN_is_sent_again_and_in_the_end_given_up)),
        Of<StateMachineRules>(
            "9293", "3.8.3", "R2 of at least 100 seconds",
            nameof(StateMachineRules.A_peer_that_falls_silent_is_given_up_and_the_error_says_so)),
    ];

    private static IEnumerable<Rule> Timers() =>
    [
        Of<TimerRules>(
            "6298", "2.1, 5.5", "a second, then doubled",
            nameof(TimerRules.The_first_timeout_is_a_second_and_each_next_one_doubles)),
        Of<TimerRules>(
            "6298", "2.5, 5.5", "doubled up to 60 seconds or more",
            nameof(TimerRules.The_timeout_of_data_doubles_up_to_a_minute_at_least)),
        Of<TimerRules>(
            "6298", "2.2, 2.3", "SRTT and RTTVAR; the timeout stays backed off until measured",
            nameof(TimerRules.The_timeout_follows_the_measured_round_trips)),
        Of<TimerRules>(
            "6298", "3", "Karn's algorithm",
            nameof(TimerRules.An_acknowledgment_of_something_sent_twice_measures_nothing)),
        Of<TimerRules>(
            "6298", "5.1 to 5.3", "when the timer runs",
            nameof(TimerRules.The_timer_starts_anew_with_each_acknowledgment_and_stops_when_all_is_acknowledged)),
        Of<TimerRules>(
            "6298", "5.7", "three seconds after a lost SYN",
            nameof(TimerRules.The_SYN_that_timed_out_makes_the_first_timeout_of_data_three_seconds)),
        Of<TimerRules>(
            "1122", "4.2.3.2", "delayed acknowledgments",
            nameof(TimerRules.A_single_segment_is_acknowledged_within_half_a_second_and_two_at_once)),
        Of<TimerRules>(
            "9293", "3.8.6.3", "acknowledgments ride on data",
            nameof(TimerRules.An_acknowledgment_rides_on_data)),
        Of<TimerRules>(
            "5681", "4.2", "gaps are acknowledged at once",
            nameof(TimerRules.A_segment_ahead_of_a_gap_and_one_that_fills_it_are_acknowledged_at_once)),
        Of<TimerRules>(
            "896", "the solution", "Nagle's algorithm and its switch (RFC 1122, section 4.2.3.4)",
            nameof(TimerRules.Small_messages_wait_while_something_is_in_flight_unless_told_not_to)),
        Of<TimerRules>(
            "896", "the solution", "full segments go at once",
            nameof(TimerRules.Full_segments_do_not_wait_for_acknowledgments)),
        Of<TimerRules>(
            "9293", "3.8.6.1", "zero windows are probed for ever",
            nameof(TimerRules.A_closed_window_is_probed_for_ever_and_ever_more_rarely)),
        Of<TimerRules>(
            "9293", "3.8.6.1", "a lost window update",
            nameof(TimerRules.A_lost_opening_of_the_window_is_found_by_a_probe)),
        Of<TimerRules>(
            "9293", "3.8.6.2.2", "silly windows, receiver",
            nameof(TimerRules.The_receiver_does_not_open_its_window_by_silly_amounts)),
        Of<TimerRules>(
            "9293", "3.8.6.2.1", "silly windows, sender",
            nameof(TimerRules.The_sender_does_not_send_silly_segments_into_a_small_window)),
        Of<TimerRules>(
            "9293", "3.8.4", "keepalive",
            nameof(TimerRules.Keepalive_asks_a_silent_peer_and_gives_it_up_when_it_does_not_answer)),
        Of<TimerRules>(
            "1122", "4.2.3.6", "keepalive is off by default",
            nameof(TimerRules.Without_keepalive_a_silent_connection_stays)),
        Of<TimerRules>(
            "9293", "3.8.4", "probes of the peer are answered",
            nameof(TimerRules.Our_own_probes_of_life_are_answered_when_the_peer_sends_them)),
    ];

    private static IEnumerable<Rule> Congestion() =>
    [
        Of<CongestionRules>(
            "5681", "3.1", "the initial window (RFC 6928) and slow start",
            nameof(CongestionRules.The_first_flight_is_at_most_ten_segments_and_slow_start_doubles_it)),
        Of<CongestionRules>(
            "5681", "3.1, equation 2", "growth by what is acknowledged",
            nameof(CongestionRules.Each_acknowledgment_in_slow_start_gives_at_most_what_it_acknowledges)),
        Of<CongestionRules>(
            "5681", "3.2", "fast retransmit",
            nameof(CongestionRules.Three_duplicates_send_the_lost_segment_again_and_halve_the_window)),
        Of<CongestionRules>(
            "5681", "2", "what is a duplicate acknowledgment",
            nameof(CongestionRules.An_acknowledgment_that_carries_data_or_a_new_window_is_no_duplicate)),
        Of<CongestionRules>(
            "6582", "3.2, step 3", "partial acknowledgments",
            nameof(CongestionRules.A_partial_acknowledgment_sends_the_next_hole_again_without_new_duplicates)),
        Of<CongestionRules>(
            "5681", "3.1, equation 4", "the loss window",
            nameof(CongestionRules.A_timeout_starts_again_with_one_segment)),
        Of<CongestionRules>(
            "5681", "4.1", "restarting idle connections",
            nameof(CongestionRules.After_an_idle_time_the_window_starts_small_again)),
        Of<CongestionRules>(
            "5681", "3.1, equation 3", "congestion avoidance",
            nameof(CongestionRules.Congestion_avoidance_grows_by_about_a_segment_for_each_round_trip)),
        Of<CongestionRules>(
            "2018", "4", "blocks, newest first",
            nameof(CongestionRules.The_newest_block_comes_first_and_no_more_than_fit)),
        Of<CongestionRules>(
            "2018", "2", "only if permitted",
            nameof(CongestionRules.No_blocks_are_sent_to_a_peer_that_did_not_ask_for_them)),
        Of<CongestionRules>(
            "6675", "4, 5", "NextSeg: only the holes",
            nameof(CongestionRules.Only_the_holes_are_sent_again)),
        Of<CongestionRules>(
            "2018", "5", "blocks that cannot be",
            nameof(CongestionRules.Blocks_that_cannot_be_are_passed_over)),
        Of<CongestionRules>(
            "2018", "8", "reneging",
            nameof(CongestionRules.After_a_timeout_what_was_reported_is_not_relied_upon)),
    ];

    private static IEnumerable<Rule> Options() =>
    [
        Of<OptionRules>(
            "7323", "2.2", "both or none",
            nameof(OptionRules.A_scale_is_used_only_if_both_ends_have_sent_one)),
        Of<OptionRules>(
            "7323", "2.2", "windows in SYNs are not scaled",
            nameof(OptionRules.The_peers_windows_are_shifted_but_for_the_one_in_its_SYN)),
        Of<OptionRules>("7323", "2.3", "14 at most", nameof(OptionRules.A_scale_above_14_is_taken_as_14)),
        Of<OptionRules>(
            "7323", "3.2", "in every segment once agreed on",
            nameof(OptionRules.Timestamps_are_in_every_segment_once_agreed_on_and_in_none_otherwise)),
        Of<OptionRules>(
            "7323", "5.4", "the clock",
            nameof(OptionRules.Our_timestamps_rise_with_time_and_begin_anywhere)),
        Of<OptionRules>(
            "7323", "5.3, R1", "PAWS",
            nameof(OptionRules.A_segment_with_an_old_timestamp_is_dropped_and_acknowledged)),
        Of<OptionRules>(
            "7323", "5.2", "PAWS is not for resets",
            nameof(OptionRules.A_reset_with_an_old_timestamp_counts)),
        Of<OptionRules>(
            "7323", "5.5", "outdated timestamps",
            nameof(OptionRules.After_24_days_of_silence_an_old_timestamp_is_no_sign_of_age)),
        Of<OptionRules>(
            "7323", "4.3", "which timestamp to echo",
            nameof(OptionRules.The_echo_is_that_of_the_segment_which_the_acknowledgment_began_with)),
        Of<OptionRules>(
            "7323", "3.2", "segments without them are dropped",
            nameof(OptionRules.A_segment_without_the_agreed_timestamps_is_dropped)),
        Of<OptionRules>(
            "7323", "3.2", "their room (RFC 6691)",
            nameof(OptionRules.Room_for_the_options_is_taken_from_the_segments)),
        Of<OptionRules>("7323", "4.1", "round trips", nameof(OptionRules.Timestamps_measure_what_was_sent_twice_too)),
    ];

    private static IEnumerable<Rule> Attacks() =>
    [
        Of<AttackRules>("5961", "3.2", "resets", nameof(AttackRules.A_reset_must_have_exactly_the_next_number)),
        Of<AttackRules>("5961", "4.2", "SYNs", nameof(AttackRules.A_SYN_in_a_conversation_is_challenged)),
        Of<AttackRules>(
            "5961", "5.2", "data with an impossible acknowledgment",
            nameof(AttackRules.Data_whose_acknowledgment_cannot_be_are_not_taken)),
        Of<AttackRules>("5961", "7", "throttling", nameof(AttackRules.Challenges_are_limited)),
        Of<AttackRules>(
            "6528", "3", "initial sequence numbers",
            nameof(AttackRules.Initial_numbers_differ_by_ends_and_secret_and_rise_with_time)),
        Of<AttackRules>(
            "6528", "3 (and RFC 6056, 3.3.3)", "ports",
            nameof(AttackRules.Ports_of_our_calls_cannot_be_foretold)),
        Of<AttackRules>(
            "4987", "3.6", "SYN cookies",
            nameof(AttackRules.A_flood_of_SYNs_keeps_no_state_and_an_honest_caller_gets_in)),
        Of<AttackRules>(
            "4987", "3.6", "options in timestamps",
            nameof(AttackRules.Cookies_carry_what_the_SYN_offered_in_timestamps)),
        Of<AttackRules>("4987", "3.6", "forged cookies", nameof(AttackRules.Made_up_cookies_open_nothing)),
        Of<AttackRules>(
            "4987", "3.6", "old cookies",
            nameof(AttackRules.A_cookie_does_not_open_the_same_connection_after_it_has_grown_old)),
        Of<AttackRules>(
            "4987", "3.2", "half-open connections end",
            nameof(AttackRules.Half_open_connections_are_given_up)),
        Of<AttackRules>(
            "5927", "4.1", "the number must be in flight",
            nameof(AttackRules.An_ICMP_error_about_a_segment_that_is_not_in_flight_changes_nothing)),
        Of<AttackRules>(
            "5927", "5.2", "hard errors are soft",
            nameof(AttackRules.A_hard_ICMP_error_does_not_break_a_connection_that_stands)),
        Of<AttackRules>(
            "1191", "3, 6.5", "segments shrink and go again",
            nameof(AttackRules.A_credible_message_of_a_router_makes_segments_smaller_and_sends_them_at_once)),
        Of<AttackRules>(
            "1191", "5, 7", "routers that do not say",
            nameof(AttackRules.A_router_that_says_nothing_of_use_does_not_make_segments_tiny)),
    ];

    private static IEnumerable<Rule> Below() =>
    [
        Of<ArpTests>(
            "826", "packet reception", "requests are answered",
            nameof(ArpTests.A_request_for_us_is_answered_to_who_asked)),
        Of<ArpTests>(
            "1122", "2.3.2.1", "requests are bounded",
            nameof(ArpTests.A_silent_neighbour_is_asked_once_a_second_and_then_reported)),
        Of<ArpTests>(
            "1122", "2.3.2.2", "packets wait",
            nameof(ArpTests.Datagrams_wait_for_the_answer_and_the_latest_survive)),
        Of<AddressConflictTests>(
            "5227", "2.1.1, 2.3", "probes and announcements",
            nameof(AddressConflictTests.An_address_is_probed_three_times_and_announced_twice)),
        Of<AddressConflictTests>(
            "5227", "2.1.1", "a conflict while probing",
            nameof(AddressConflictTests.An_answer_to_a_probe_means_that_the_address_is_taken)),
        Of<AddressConflictTests>(
            "5227", "2.1.1", "probes of others",
            nameof(AddressConflictTests.Somebody_else_who_probes_for_it_is_a_conflict_and_our_own_echo_is_not)),
        Of<AddressConflictTests>(
            "5227", "2.4", "defence",
            nameof(AddressConflictTests.An_address_in_use_is_defended_but_not_more_than_once_in_ten_seconds)),
        Of<DhcpTests>(
            "2131", "3.1", "discover, request, bound",
            nameof(DhcpTests.An_address_is_discovered_requested_probed_and_used)),
        Of<DhcpTests>(
            "2131", "4.1", "back-off",
            nameof(DhcpTests.Questions_are_repeated_ever_more_slowly_and_never_stop)),
        Of<DhcpTests>("2131", "4.4.5", "renewing", nameof(DhcpTests.A_lease_is_renewed_with_its_server_alone)),
        Of<DhcpTests>(
            "2131", "4.4.5", "rebinding and expiry",
            nameof(DhcpTests.A_silent_server_means_asking_all_and_at_last_giving_up_the_address)),
        Of<DhcpTests>("2131", "3.1, step 5", "declining", nameof(DhcpTests.An_address_that_somebody_has_is_declined)),
        Of<DhcpTests>("2131", "3.2", "an earlier address", nameof(DhcpTests.An_earlier_address_is_asked_for_first)),
        Of<DhcpTests>(
            "2131", "4.4.6", "release",
            nameof(DhcpTests.A_released_lease_is_given_back_and_the_address_gone)),
        Of<FragmentTests>(
            "791", "3.2", "reassembly in any order",
            nameof(FragmentTests.Fragments_in_any_order_make_the_datagram)),
        Of<FragmentTests>(
            "791", "3.2", "datagrams are told apart",
            nameof(FragmentTests.Two_datagrams_at_once_do_not_mix)),
        Of<FragmentTests>(
            "1122", "3.3.2", "the timeout of reassembly",
            nameof(FragmentTests.What_does_not_become_whole_in_time_is_dropped_and_its_sender_told)),
        Of<FragmentTests>("791", "2.3", "fragmentation", nameof(FragmentTests.A_long_datagram_is_sent_in_fragments)),
        Of<PathMtuTests>(
            "1191", "3", "believing routers",
            nameof(PathMtuTests.A_router_that_says_how_much_it_takes_is_believed_about_a_segment_on_its_way)),
        Of<PathMtuTests>(
            "1191", "7", "plateaus",
            nameof(PathMtuTests.An_old_router_that_says_nothing_means_the_next_plateau)),
        Of<PathMtuTests>(
            "1191", "6.3", "forgetting",
            nameof(PathMtuTests.What_was_learnt_is_forgotten_after_ten_minutes)),
        Of<DatagramTests>(
            "1122", "3.2.2", "errors are limited",
            nameof(DatagramTests.Errors_are_limited_in_their_rate)),
        Of<DatagramTests>(
            "1122", "3.2.1.8", "options",
            nameof(DatagramTests.Options_are_stepped_over_and_source_routes_refused)),
    ];

    private static Rule Of<T>(string rfc, string section, string says, string test) =>
        new(rfc, section, says, typeof(T), test);
}
