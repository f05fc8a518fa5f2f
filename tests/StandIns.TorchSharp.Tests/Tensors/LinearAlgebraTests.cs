using TorchSharp;
using static TorchSharp.torch;

namespace StandIns.TorchSharp.Tests.Tensors;

public class LinearAlgebraTests
{
    private static readonly double[,] A = { { 2, 1 }, { 1, 3 } };
    private static readonly double[,] B = { { 1, 0, -1 }, { 2, 1, 0.5 } };

    [Fact]
    public void Products()
    {
        using var scope = NewDisposeScope();
        double[] product = [4, 1, -1.5, 7, 3, 0.5];
        var a = tensor(A);
        var b = tensor(B);
        Numbers.AssertClose(product, a.matmul(b));
        Numbers.AssertClose(product, a.mm(b));
        Numbers.AssertClose(product, einsum("ij,jk->ik", a, b));
        Numbers.AssertClose([.. product, .. product], stack([a, a]).bmm(stack([b, b])));
        Numbers.AssertClose([.. product.Select(x => 2 * x + 10)], full_like(b, 5).addmm(a, b, beta: 2, alpha: 2));
        Numbers.AssertClose([1.5, 4.5], a.mv(tensor(new[] { 0, 1.5 })));
        Assert.Equal(11.0, tensor(new[] { 1.0, 2 }).dot(tensor(new[] { 3.0, 4 })).item<double>());
        Numbers.AssertClose([3.0, 4, 6, 8], tensor(new[] { 1.0, 2 }).outer(tensor(new[] { 3.0, 4 })));
    }

    [Fact]
    public void Norms()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[,] { { 3.0, -4 }, { 1, 0 } });
        Assert.Equal(Math.Sqrt(26), linalg.vector_norm(x).item<double>(), 12);
        Numbers.AssertClose([5, 1], linalg.vector_norm(x, dims: [1]));
        Assert.Equal(4.0, linalg.vector_norm(x, double.PositiveInfinity).item<double>());
        Assert.Equal(Math.Sqrt(26), linalg.norm(x).item<double>(), 12);
        Assert.Equal(Math.Sqrt(26), linalg.matrix_norm(x).item<double>(), 12);
        // The largest singular value: σ² solves σ⁴ − 26σ² + 16 = 0.
        Assert.Equal(Math.Sqrt(13 + Math.Sqrt(153)), linalg.matrix_norm(x, 2).item<double>(), 12);
    }

    [Fact]
    public void Decompositions()
    {
        using var scope = NewDisposeScope();
        var a = tensor(A);
        Assert.Equal(5.0, linalg.det(a).item<double>(), 12);
        Numbers.AssertClose([0.6, -0.2, -0.2, 0.4], linalg.inv(a));
        Numbers.AssertClose([2.5 - Math.Sqrt(1.25), 2.5 + Math.Sqrt(1.25)], linalg.eigvalsh(a));
        Numbers.AssertClose([2.5 + Math.Sqrt(1.25), 2.5 - Math.Sqrt(1.25)], linalg.svdvals(a));
        var (u, s, vh) = linalg.svd(tensor(B), fullMatrices: false);
        Numbers.AssertClose(tensor(B).Values(), u.matmul(s.diag()).matmul(vh), 1e-12);
        var (q, r) = linalg.qr(a);
        Numbers.AssertClose([1, 0, 0, 1], q.t().matmul(q), 1e-12);
        Numbers.AssertClose(a.Values(), q.matmul(r), 1e-12);
        Numbers.AssertClose([1, 0], linalg.solve(a, tensor(new[] { 2.0, 1 })), 1e-12);
        Numbers.AssertClose([Math.Sqrt(2), 0, 1 / Math.Sqrt(2), Math.Sqrt(2.5)], linalg.cholesky(a), 1e-12);
    }
}
