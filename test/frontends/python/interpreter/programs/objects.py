# object model
class Base:
    @property
    def p(self): return self._p
    @p.setter
    def p(self, v): self._p = v * 2
class Sub(Base):
    @Base.p.setter
    def p(self, v): self._p = v * 10
class Sub2(Base):
    @property
    def p(self): return 'sub' + str(super().p)
    @p.setter
    def p(self, v): Base.p.fset(self, v)
a, b, c = Base(), Sub(), Sub2()
a.p = 1; b.p = 1; c.p = 1
print(a.p, b.p, c.p)
class RO:
    @property
    def x(self): return 1
try:
    RO().x = 3
except AttributeError as e: print('ro')
class Meta(type):
    def __getattr__(cls, n):
        if n.startswith('m_'): return n.upper()
        raise AttributeError(n)
    def __contains__(cls, x): return x == 1
    def __iter__(cls): return iter([1, 2])
    def __len__(cls): return 7
    @property
    def tag(cls): return cls.__name__ + '!'
class WithMeta(metaclass=Meta): pass
print(WithMeta.m_a, hasattr(WithMeta, 'q'), 1 in WithMeta, list(WithMeta), len(WithMeta), WithMeta.tag)
class Reg:
    subs = []
    def __init_subclass__(cls, tag=None, **kw):
        super().__init_subclass__(**kw)
        cls.subs.append((cls.__name__, tag))
class R1(Reg, tag='x'): pass
class R2(Reg): pass
print(Reg.subs)
class Desc:
    def __set_name__(self, owner, name): self.name = '_' + name; print('set_name', owner.__name__, name)
    def __get__(self, obj, owner=None):
        if obj is None: return self
        return getattr(obj, self.name, 'unset')
    def __set__(self, obj, v): setattr(obj, self.name, v + 1)
class D:
    a = Desc()
    b = Desc()
d = D(); print(d.a); d.a = 4; print(d.a, d.b, type(D.a).__name__, d.__dict__)
class Lazy:
    def __init__(self, f): self.f = f
    def __get__(self, obj, owner): 
        v = self.f(obj); obj.__dict__[self.f.__name__] = v; return v
class E:
    n = 0
    @Lazy
    def val(self): E.n += 1; return 42
e = E(); print(e.val, e.val, E.n)
class Slots:
    __slots__ = ('x', 'y')
    def __init__(self): self.x = 1
s = Slots(); s.y = 2; print(s.x, s.y)
try: s.z = 3
except AttributeError: print('no z')
class M1(type): pass
class M2(type): pass
class X1(metaclass=M1): pass
class X2(metaclass=M2): pass
try:
    class X3(X1, X2): pass
except TypeError as e: print('conflict')
class NewMeta(type):
    def __new__(mcs, name, bases, ns, **kw):
        ns['added'] = len(bases)
        cls = super().__new__(mcs, name, bases, ns)
        cls.made_by = 'meta'
        return cls
    def __init__(cls, name, bases, ns, **kw):
        super().__init__(name, bases, ns)
        cls.inited = name
class N1(metaclass=NewMeta): y = 2
class N2(N1): pass
print(N1.added, N2.added, N2.made_by, N2.inited, N2.y)
class Single:
    _i = None
    def __new__(cls, *a):
        if cls._i is None: cls._i = super().__new__(cls)
        return cls._i
print(Single() is Single(1) if False else Single() is Single())
class Call:
    def __call__(self, x): return x + 1
print(Call()(2), callable(Call()), callable(3))
try:
    class Bad(A1): pass
except NameError as e: print(e)
class A: 
    def f(self): return 'A'
class B(A):
    def f(self): return 'B' + super().f()
class C(A):
    def f(self): return 'C' + super().f()
class DD(B, C):
    def f(self): return 'D' + super().f()
print(DD().f(), [k.__name__ for k in DD.mro()], DD.__mro__[1].__name__, DD.__bases__[0].__name__)
class Cnt:
    n = 0
    def __init__(self): type(self).n += 1
Cnt(); Cnt(); print(Cnt.n)
class P:
    def __repr__(self): return 'P()'
    def __eq__(self, o): return isinstance(o, P)
    def __hash__(self): return 1
    def __len__(self): return 0
    def __lt__(self, o): return False
    def __add__(self, o): return 'add'
    def __radd__(self, o): return 'radd'
    def __getitem__(self, i): 
        if i > 2: raise IndexError
        return i
    def __contains__(self, x): return x == 'in'
print([P()], P() == P(), P() != P(), bool(P()), P() + 1, 1 + P(), list(P()), 'in' in P(), f'{P()}')
class Shadow:
    x = 1
    def m(self): return self.x
    def __getattribute__(self, n):
        if n == 'magic': return 'm'
        return super().__getattribute__(n)
print(Shadow().m())
class Z:
    def __setattr__(self, k, v): object.__setattr__(self, k, v * 2)
    def __delattr__(self, k): object.__setattr__(self, k, 'deleted')
z = Z(); z.a = 2; print(z.a); del z.a; print(z.a)
print(type('Dyn', (A,), {'g': lambda self: 5})().g(), type('Dyn', (A,), {}).__name__)
print(A.f(DD()), A.f.__name__, DD.f.__qualname__, type(A().f).__name__)
print(isinstance(DD(), (int, A)), issubclass(DD, A), type(DD()) is DD, DD().__class__.__name__)
print(getattr(A, 'zz', None), A.__dict__.get('f') is A.f, 'f' in vars(A), 'f' in dir(B))
