using System.Collections.Generic;
using HaukiOS.Net;
using NUnit.Framework;

namespace HaukiOS.Tests.Unit.Net.Tcp;

/// <summary>How connections begin and end, by scripts of segments.</summary>
[TestFixture]
internal sealed class TcpHandshakeTests
{
    [Test(Description = "RFC 9293, section 3.5, figure 6")]
    public void A_peer_that_connects_is_answered_and_accepted()
    {
        var script = new TcpScript();
        script.Listen();
        script.Handshake();

        Assert.That(script.Environment.Ready.Take(), Is.SameAs(script.Listener));
        TcpConnection? accepted = script.Listener.Accept();
        Assert.That(accepted?.State, Is.EqualTo(TcpState.Established));
        Assert.That(accepted!.Remote, Is.EqualTo(new Endpoint(TcpScript.PeerAddress, TcpScript.PeerPort)));
        script.ExpectNothing();
    }

    [Test(Description = "RFC 9293, section 3.5, figure 6")]
    public void A_connection_of_ours_stands_when_the_peer_has_answered()
    {
        var script = new TcpScript();
        script.Connect();
        script.Inject("SA", 0, 1);

        script.Expect("A", 1, 1);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.Established));
        Assert.That(script.Environment.Ready.Take(), Is.SameAs(script.Connection));
    }

    [Test(Description = "RFC 9293, section 3.6, figure 12; both directions carry data first")]
    public void Data_flows_both_ways_and_both_close()
    {
        TcpScript script = TcpScript.Accepted();
        script.Inject("PA", 1, 1, 100);
        script.ExpectReceived(1, 100);
        script.Send(1, 50);
        script.Expect("A", 1, 101, 50);
        script.Inject("A", 101, 51);
        script.Connection.Close(script.Now);
        script.Expect("FA", 51, 101);
        script.Inject("A", 101, 52);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.FinWait2));
        script.Inject("FA", 101, 52);
        script.Expect("A", 52, 102);
        Assert.That(script.Connection.State, Is.EqualTo(TcpState.TimeWait));
        script.Pass(61_000);
        Assert.That(script.Tcp.ConnectionCount, Is.Zero);
        Assert.That(script.Tcp.BufferBytes, Is.Zero);
    }
}
