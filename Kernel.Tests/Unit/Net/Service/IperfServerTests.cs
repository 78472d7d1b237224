using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Json;
using HaukiOS.Net;
using HaukiOS.Net.Services;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>
/// The server for iperf3's tests against a client in small steps; the emulator tests have the real one.
/// </summary>
[TestFixture]
internal sealed class IperfServerTests
{
    private const string Cookie = "abcdefghijklmnopqrstuvwxyz0123456789\0";
    private const byte TestStart = 1;
    private const byte TestRunning = 2;
    private const byte TestEnd = 4;
    private const byte ParameterExchange = 9;
    private const byte CreateStreams = 10;
    private const byte ExchangeResults = 13;
    private const byte DisplayResults = 14;
    private const byte Done = 16;
    private const byte ServerError = 0xFE;
    private const byte AccessDenied = 0xFF;

    private static readonly Endpoint Server = new(Ipv4Address.Of(10, 0, 0, 2), IperfServer.StandardPort);

    private NetworkNode client = null!;
    private NetworkNode server = null!;
    private IperfServer iperf = null!;

    [SetUp]
    public void Plug()
    {
        (client, server) = NetworkNode.Pair();
        iperf = new IperfServer();
        Assert.That(
            server.Service.Services.Start(iperf, server.Stack, IperfServer.StandardPort),
            Is.EqualTo(SocketError.None));
    }

    [Test]
    public void A_test_goes_from_the_cookie_to_the_results()
    {
        TestStream control = Begin("""{"tcp":true,"parallel":2}""");
        List<TestStream> streams = [Data(), Data()];
        Expect(control, TestStart, TestRunning);
        streams[0].Say(new byte[100_000]);
        streams[1].Say(new byte[50_000]);
        Run(() => false, 1000);
        JsonElement results = Finish(control, """{"streams":[{"id":1,"bytes":5},{"id":3,"bytes":6}]}""");
        JsonElement[] ours = results.GetProperty("streams").EnumerateArray().ToArray();
        Assert.That(ours.Select(s => s.GetProperty("id").GetInt32()), Is.EqualTo(new[] { 1, 3 }));
        Assert.That(ours.Select(s => s.GetProperty("bytes").GetInt64()), Is.EqualTo(new[] { 100_000L, 50_000L }));
        Assert.That(ours[0].GetProperty("end_time").GetDouble(), Is.EqualTo(1.0).Within(0.05));
        Assert.That(results.GetProperty("sender_has_retransmits").GetInt32(), Is.EqualTo(-1));
        Assert.That((iperf.TestsDone, iperf.ConnectionCount), Is.EqualTo((1, 0)));
        Assert.That(iperf.Describe(), Does.Contain("150000 bytes received in 1.0"));
    }

    [Test]
    public void The_server_sends_when_asked_and_stops_with_the_end_of_the_test()
    {
        TestStream control = Begin("""{"tcp":true,"reverse":true}""");
        TestStream data = Data();
        data.KeepsWhatItHears = false;
        Run(() => data.Dropped > 1_000_000);
        Expect(control, TestStart, TestRunning);
        control.Say([TestEnd]);
        Assert.That(Run(() => data.IsOver), "the end of the data follows");
        JsonElement results = Finish(control, """{"streams":[{"id":1}]}""", ended: true);
        long bytes = results.GetProperty("streams")[0].GetProperty("bytes").GetInt64();
        Assert.That(bytes, Is.EqualTo(data.Dropped + data.Heard.Count));
        Assert.That(results.GetProperty("sender_has_retransmits").GetInt32(), Is.EqualTo(1));
    }

    [Test]
    public void Both_ways_the_client_sends_on_the_first_and_hears_on_the_second()
    {
        TestStream control = Begin("""{"tcp":true,"bidirectional":true}""");
        TestStream up = Data();
        TestStream down = Data();
        down.KeepsWhatItHears = false;
        up.Say(new byte[30_000]);
        Assert.That(Run(() => down.Dropped > 100_000));
        Assert.That(up.Heard, Is.Empty);
        Expect(control, TestStart, TestRunning);
        JsonElement results = Finish(control, """{"streams":[{"id":1},{"id":3}]}""");
        Assert.That(results.GetProperty("streams")[0].GetProperty("bytes").GetInt64(), Is.EqualTo(30_000));
    }

    [Test]
    public void What_was_sent_before_the_omitted_seconds_were_over_does_not_count()
    {
        TestStream control = Begin("""{"tcp":true,"omit":1}""");
        TestStream data = Data();
        data.Say(new byte[10_000]);
        Run(() => false, 1500);
        data.Say(new byte[777]);
        Run(() => false, 100);
        Expect(control, TestStart, TestRunning);
        JsonElement results = Finish(control, """{"streams":[{"id":1}]}""");
        Assert.That(results.GetProperty("streams")[0].GetProperty("bytes").GetInt64(), Is.EqualTo(777));
    }

    [Test]
    public void Another_client_is_told_that_it_has_to_wait()
    {
        TestStream control = Begin("""{"tcp":true}""");
        TestStream other = TestStream.Connect(client, Server);
        other.Say(Encoding.ASCII.GetBytes(Cookie.ToUpperInvariant()));
        Expect(other, AccessDenied);
        Assert.That(Run(() => other.IsOver));
        control.Connection.Abort(client.Now);
        Assert.That(Run(() => iperf.ConnectionCount == 0));
        Assert.That(iperf.Describe(), Does.Contain("went away"));
        Begin("""{"tcp":true}""");
    }

    [TestCase("""{"udp":true}""")]
    [TestCase("""{"tcp":false}""")]
    [TestCase("""{"tcp":true,"parallel":1000}""")]
    [TestCase("nonsense")]
    [TestCase("")]
    public void What_cannot_be_is_refused_with_an_error_for_the_client(string parameters)
    {
        TestStream control = Begin(parameters, accepted: false);
        Expect(control, ServerError, 0, 0, 0, 13, 0, 0, 0, 0);
        Assert.That(Run(() => control.IsOver && iperf.ConnectionCount == 0));
    }

    [Test]
    public void A_message_that_is_too_long_ends_the_test_before_it_is_read()
    {
        TestStream control = TestStream.Connect(client, Server);
        control.Say(Encoding.ASCII.GetBytes(Cookie));
        Expect(control, ParameterExchange);
        control.Say([0x7F, 0xFF, 0xFF, 0xFF]);
        Assert.That(Run(() => control.IsOver));
        Assert.That(iperf.Describe(), Does.Contain("too long"));
    }

    [TestCase("""{"streams":[]}""")]
    [TestCase("""{"streams":[{"id":1},{"id":2}]}""")]
    [TestCase("{")]
    public void Results_that_make_no_sense_end_the_test(string results)
    {
        TestStream control = Begin("""{"tcp":true}""");
        Data();
        Expect(control, TestStart, TestRunning);
        control.Say([TestEnd]);
        Expect(control, ExchangeResults);
        Say(control, results);
        Assert.That(Run(() => control.IsOver && iperf.ConnectionCount == 0));
        Assert.That(iperf.TestsDone, Is.Zero);
    }

    [Test]
    public void Who_says_nothing_loses_the_place_after_a_while()
    {
        TestStream silent = TestStream.Connect(client, Server);
        Run(() => false, 4000);
        Assert.That(iperf.ConnectionCount, Is.EqualTo(1));
        Assert.That(Run(() => silent.IsOver, 3000));
        TestStream control = TestStream.Connect(client, Server);
        control.Say(Encoding.ASCII.GetBytes(Cookie));
        Expect(control, ParameterExchange);
        Assert.That(Run(() => control.IsOver, 20_000));
        Assert.That(iperf.ConnectionCount, Is.Zero);
        Assert.That(iperf.Describe(), Does.Contain("fell silent"));
    }

    [Test]
    public void Strangers_beyond_the_bound_are_broken_off()
    {
        var streams = new List<TestStream>();
        for (int i = 0; i < IperfServer.StrangerMax + 5; i++)
        {
            streams.Add(TestStream.Connect(client, Server));
            Run(() => false, 2);
        }

        Assert.That(iperf.ConnectionCount, Is.EqualTo(IperfServer.StrangerMax));
        Assert.That(streams.Count(stream => stream.Connection.Error == SocketError.ConnectionReset), Is.EqualTo(5));
    }

    [Test]
    public void Stopping_in_the_middle_leaves_nothing()
    {
        TestStream control = Begin("""{"tcp":true,"reverse":true}""");
        TestStream data = Data();
        Run(() => false, 20);
        server.Service.Services.Stop(IperfServer.StandardPort, server.Now);
        server.Service.Kick();
        Assert.That(Run(() => control.IsOver && data.Connection.State == TcpState.Closed));
    }

    [Test]
    public void Whatever_a_client_says_the_next_one_is_served()
    {
        var random = new Random(5);
        for (int round = 0; round < 60; round++)
        {
            TestStream control = TestStream.Connect(client, Server);
            byte[] noise = new byte[random.Next(0, 200)];
            random.NextBytes(noise);
            control.Say(Encoding.ASCII.GetBytes(Cookie[..random.Next(0, Cookie.Length + 1)]));
            control.Say(noise, ends: random.Next(2) == 0);
            Run(() => false, 30);
            control.Connection.Abort(client.Now);
            client.Service.Kick();
            Assert.That(Run(() => iperf.ConnectionCount == 0), $"seed 5, round {round}: {iperf.Describe()}");
        }

        Begin("""{"tcp":true}""");
    }

    private TestStream Begin(string parameters, bool accepted = true)
    {
        TestStream control = TestStream.Connect(client, Server);
        control.Say(Encoding.ASCII.GetBytes(Cookie));
        Expect(control, ParameterExchange);
        Say(control, parameters);
        if (accepted)
        {
            Expect(control, CreateStreams);
        }

        return control;
    }

    private TestStream Data()
    {
        TestStream stream = TestStream.Connect(client, Server);
        stream.Say(Encoding.ASCII.GetBytes(Cookie));
        Run(() => false, 5);
        return stream;
    }

    private JsonElement Finish(TestStream control, string results, bool ended = false)
    {
        if (!ended)
        {
            control.Say([TestEnd]);
        }

        Expect(control, ExchangeResults);
        Say(control, results);
        Assert.That(Run(() => control.Heard.Count >= 4));
        int length = BinaryPrimitives.ReadInt32BigEndian(control.Heard.ToArray());
        Assert.That(Run(() => control.Heard.Count == 4 + length + 1));
        JsonElement document = JsonDocument.Parse(control.Heard.ToArray().AsMemory(4, length)).RootElement;
        control.Heard.RemoveRange(0, 4 + length);
        Expect(control, DisplayResults);
        control.Say([Done]);
        Assert.That(Run(() => control.IsOver && iperf.ConnectionCount == 0));
        return document;
    }

    private void Say(TestStream control, string message)
    {
        byte[] text = Encoding.UTF8.GetBytes(message);
        byte[] prefix = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(prefix, text.Length);
        control.Say([.. prefix, .. text]);
    }

    private void Expect(TestStream stream, params byte[] bytes)
    {
        Run(() => stream.Heard.Count >= bytes.Length);
        Assert.That(stream.Heard.ToArray(), Is.EqualTo(bytes));
        stream.Heard.Clear();
    }

    private bool Run(Func<bool> until, int milliseconds = 3000) =>
        NetworkNode.Run([client, server], until, milliseconds);
}
