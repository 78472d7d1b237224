using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using HaukiOS.Net;
using HaukiOS.Net.Services;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Service;

/// <summary>The services in the background, between two nodes at a simulated wire.</summary>
[TestFixture]
internal sealed class ServiceTests
{
    private const ushort Port = 7;

    private static readonly Ipv4Address Server = Ipv4Address.Of(10, 0, 0, 2);

    private NetworkNode client = null!;
    private NetworkNode server = null!;

    [SetUp]
    public void Plug() => (client, server) = NetworkNode.Pair();

    [Test]
    public void Echo_gives_back_every_byte()
    {
        Start(new EchoService());
        TestStream stream = Connect();
        byte[] said = Pattern(200_000);
        stream.Say(said, ends: true);
        Assert.That(Run(() => stream.IsOver));
        Assert.That(stream.Heard.ToArray(), Is.EqualTo(said));
        Run(() => false, 100);
        Assert.That(server.Service.Services[0].ConnectionCount, Is.Zero);
    }

    [Test]
    public void Discard_takes_everything_and_closes_when_the_peer_has()
    {
        Start(new DiscardService());
        TestStream stream = Connect();
        stream.Say(Pattern(500_000), ends: true);
        Assert.That(Run(() => stream.IsOver));
        Assert.That(stream.Heard, Is.Empty);
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(1_000_000)]
    public void Sha256_answers_with_the_sum_and_the_length(int length)
    {
        Start(new DigestService());
        TestStream stream = Connect();
        byte[] said = Pattern(length);
        stream.Say(said, ends: true);
        Assert.That(Run(() => stream.IsOver));
        string sum = Convert.ToHexString(SHA256.HashData(said)).ToLowerInvariant();
        Assert.That(Encoding.ASCII.GetString(stream.Heard.ToArray()), Is.EqualTo($"{sum} {length}\n"));
    }

    [TestCase(0)]
    [TestCase(100)]
    public void Quote_says_its_sentence_and_closes_first(int length)
    {
        Start(new QuoteService());
        TestStream stream = Connect();
        stream.Say(Pattern(length), ends: false);
        Assert.That(Run(() => stream.Connection.IsReceiveClosed));
        Assert.That(Encoding.ASCII.GetString(stream.Heard.ToArray()), Is.EqualTo(QuoteService.Quote));
        Assert.That(stream.Connection.State, Is.EqualTo(TcpState.CloseWait));
    }

    [Test]
    public void Two_hundred_conversations_at_once_are_kept_apart()
    {
        Start(new EchoService());
        var streams = new List<TestStream>();
        for (int i = 0; i < 200; i++)
        {
            streams.Add(Connect());
            if (i % 40 == 0)
            {
                Run(() => false, 5);
            }
        }

        for (int i = 0; i < streams.Count; i++)
        {
            streams[i].Say(Encoding.ASCII.GetBytes($"conversation {i}"), ends: true);
        }

        Assert.That(Run(() => streams.TrueForAll(stream => stream.IsOver), 20_000));
        for (int i = 0; i < streams.Count; i++)
        {
            Assert.That(Encoding.ASCII.GetString(streams[i].Heard.ToArray()), Is.EqualTo($"conversation {i}"));
        }
    }

    [Test]
    public void Connections_beyond_the_bound_are_broken_off_and_places_come_back()
    {
        var echo = new EchoService();
        Start(echo);
        var streams = new List<TestStream>();
        for (int i = 0; i < StreamService.ConnectionMax + 20; i++)
        {
            streams.Add(Connect());
            Run(() => false, 3);
        }

        Assert.That(echo.ConnectionCount, Is.EqualTo(StreamService.ConnectionMax));
        Assert.That(echo.Refused, Is.EqualTo(20));
        Assert.That(streams[^1].Connection.Error, Is.EqualTo(SocketError.ConnectionReset));
        streams[0].Connection.Abort(client.Now);
        Run(() => echo.ConnectionCount < StreamService.ConnectionMax);
        TestStream late = Connect();
        late.Say("late"u8, ends: true);
        Assert.That(Run(() => late.IsOver));
        Assert.That(late.Heard.ToArray(), Is.EqualTo("late"u8.ToArray()));
    }

    [Test]
    public void Stopping_breaks_everything_off_and_frees_the_port()
    {
        Start(new EchoService());
        TestStream stream = Connect();
        stream.Say("x"u8, ends: false);
        Assert.That(Run(() => stream.Heard.Count == 1));
        Assert.That(server.Service.Services.Stop(Port, server.Now));
        server.Service.Kick();
        Assert.That(Run(() => stream.Connection.Error == SocketError.ConnectionReset));
        Start(new DiscardService());
    }

    [Test]
    public void A_port_is_taken_once()
    {
        Start(new EchoService());
        ServiceTable table = server.Service.Services;
        Assert.That(
            table.Start(new EchoService(), server.Stack, Port), Is.EqualTo(SocketError.AddressInUse));
        Assert.That(table.Count, Is.EqualTo(1));
    }

    private static byte[] Pattern(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }

    private void Start(NetService service) => Assert.That(
        server.Service.Services.Start(service, server.Stack, Port), Is.EqualTo(SocketError.None));

    private TestStream Connect() => TestStream.Connect(client, new Endpoint(Server, Port));

    private bool Run(Func<bool> until, int milliseconds = 5000) =>
        NetworkNode.Run([client, server], until, milliseconds);
}
