using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>
/// Whole transfers between two layers over a bad wire: every byte once and in order, and nothing left over.
/// </summary>
[TestFixture]
internal sealed class TcpTransferTests
{
    [TestCase(0, 0, 0, 0, 4_000_000)]
    [TestCase(10, 0, 0, 0, 2_000_000)]
    [TestCase(50, 0, 0, 0, 1_000_000)]
    [TestCase(0, 0, 0, 200, 2_000_000)]
    [TestCase(50, 20, 20, 100, 500_000)]
    [TestCase(200, 0, 0, 0, 60_000)]
    public void Bytes_arrive_once_and_in_order_both_ways(int loss, int doubled, int damaged, int late, int length)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            var pair = new TcpPair(seed) { Loss = loss, Doubled = doubled, Damaged = damaged, Late = late };
            (TcpConnection client, TcpConnection server) = pair.Connect();
            var up = new TcpStream(client, server, length);
            var down = new TcpStream(server, client, length / 2);
            pair.Owners = () =>
            {
                up.Step(pair.Now);
                down.Step(pair.Now);
            };

            Assert.That(pair.Run(() => up.IsDone && down.IsDone, 600), $"seed {seed}: {up.Received} {client} {server}");
            TestContext.Out.WriteLine(
                $"seed {seed}: {(pair.Now.Nanoseconds / 1_000_000) - 5000} ms, {pair.Segments} segments, "
                + $"{client.Statistics.Retransmissions} again, {client.Statistics.Timeouts} timeouts, "
                + $"{client.Statistics.FastRecoveries} recoveries, window {client.Statistics.ReceiveWindow}");
            client.Close(pair.Now);
            server.Close(pair.Now);
            Assert.That(pair.Run(() => pair.A.ConnectionCount + pair.B.ConnectionCount == 0, 400), $"seed {seed}");
            Assert.That(pair.A.BufferBytes + pair.B.BufferBytes, Is.Zero);
        }
    }
}
