namespace TorchSharp;

public static partial class torch
{
    // Products of matrices and vectors, decompositions, structured matrices.
    public partial class Tensor
    {
        public Tensor mm(Tensor target) => Aten.Call("aten::mm", this, target);
        public Tensor bmm(Tensor batch2) => Aten.Call("aten::bmm", this, batch2);
        public Tensor matmul(Tensor target) => Aten.Call("aten::matmul", this, target);
        public Tensor mv(Tensor target) => Aten.Call("aten::mv", this, target);
        public Tensor dot(Tensor target) => Aten.Call("aten::dot", this, target);
        public Tensor inner(Tensor vec2) => Aten.Call("aten::inner", this, vec2);
        public Tensor outer(Tensor vec2) => Aten.Call("aten::outer", this, vec2);
        public Tensor ger(Tensor vec2) => Aten.Call("aten::ger", this, vec2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Aten.Call("aten::addmm", this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => Aten.InPlace("aten::addmm_", this, mat1, mat2, beta, alpha);
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.Call("aten::addmv", this, mat, vec, beta, alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => Aten.InPlace("aten::addmv_", this, mat, vec, beta, alpha);
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Call("aten::addbmm", this, batch1, batch2, beta, alpha);
        public Tensor addbmm_(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.InPlace("aten::addbmm_", this, batch1, batch2, beta, alpha);
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Aten.Call("aten::addr", this, vec1, vec2, beta, alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => Aten.InPlace("aten::addr_", this, vec1, vec2, beta, alpha);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => Aten.Call("aten::baddbmm", this, batch1, batch2, beta, alpha);
        public Tensor vdot(Tensor target) => Aten.Call("aten::vdot", this, target);
        public Tensor vander(long N = -1, bool increasing = false) => Aten.Call("aten::vander", this, N < 0 ? Arg.None : N, increasing);
        public Tensor kron(Tensor other) => Aten.Call("aten::kron", this, other);
        public Tensor tensordot(Tensor b, long[] dims1, long[] dims2) => Aten.Call("aten::tensordot", this, b, dims1, dims2);
        public Tensor det() => Aten.Call("aten::det", this);
        public Tensor logdet() => Aten.Call("aten::logdet", this);
        public Tensor inverse() => Aten.Call("aten::inverse", this);
        public Tensor matrix_power(int n) => Aten.Call("aten::matrix_power", this, n);
        public Tensor matrix_exp() => Aten.Call("aten::matrix_exp", this);
        public Tensor cholesky(bool upper = false) => Aten.Call("aten::cholesky", this, upper);
        public Tensor cholesky_inverse(bool upper = false) => Aten.Call("aten::cholesky_inverse", this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => Aten.Call("aten::cholesky_solve", this, input2, upper);
        public Tensor trace() => Aten.Call("aten::trace", this);
        public Tensor tril(long diagonal = 0) => Aten.Call("aten::tril", this, diagonal);
        public Tensor tril_(long diagonal = 0) => Aten.InPlace("aten::tril_", this, diagonal);
        public Tensor triu(long diagonal = 0) => Aten.Call("aten::triu", this, diagonal);
        public Tensor triu_(long diagonal = 0) => Aten.InPlace("aten::triu_", this, diagonal);
        public Tensor diag(long diagonal = 0) => Aten.Call("aten::diag", this, diagonal);
        public Tensor diagflat(long offset = 0) => Aten.Call("aten::diagflat", this, offset);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => Aten.Call("aten::diag_embed", this, offset, dim1, dim2);
        public Tensor cov(long correction = 1, Tensor? fweights = null, Tensor? aweights = null) => Aten.Call("aten::cov", this, correction, fweights, aweights);
        public Tensor corrcoef() => Aten.Call("aten::corrcoef", this);
        public Tensor renorm(float p, long dim, float maxnorm) => Aten.Call("aten::renorm", this, p, dim, maxnorm);
        public Tensor adjoint() => Aten.Call("aten::adjoint", this);
    }
}
